// Jest's transform: the same erasure Node itself applies when it runs a .ts file, so tests see the code that ships.
// Types are blanked out in place, which keeps every line and column as written: no source map is needed.
import { stripTypeScriptTypes } from 'node:module';

export default { process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }) };
