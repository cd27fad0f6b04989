// Loads a binary into a process of musl: `node native/test/musl.mjs BINARY`. Needs Debian's musl-tools. Node itself is
// played by a program that has N-API's functions by name only, which is all that the loader asks for.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';

const [binary = ''] = argv.slice(2);
const run = (command, ...args) => {
  const { status, stdout: out, stderr: err, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) {
    stderr.write(`${command}: ${error?.message ?? err}${out}\n`);
    exit(1);
  }
  return out;
};

const wanted = run('readelf', '--dyn-syms', '-W', binary).match(/\bnapi_\w+$/gm) ?? [];
const others = [...new Set(wanted)].filter(
  (name) => !/^napi_(register_module_v1|define_properties)$/.test(name),
);
const program = `
#include <dlfcn.h>
#include <stdio.h>
${others.map((name) => `int ${name}(void) { return 1; }`).join('\n')}
static unsigned long functions;
int napi_define_properties(void* env, void* exports, unsigned long count) {
  functions = count;
  return 0;
}
int main(int argc, char** argv) {
  void* library = dlopen(argv[1], RTLD_NOW);
  void* (*init)(void*, void*) = library ? dlsym(library, "napi_register_module_v1") : 0;
  if (!init) return puts(dlerror()), 1;
  init(0, 0);
  printf("loaded by musl, with %lu functions\\n", functions);
  return functions != 2;
}
`;
const folder = mkdtempSync(join(tmpdir(), 'tiergate-musl-'));
try {
  writeFileSync(join(folder, 'load.c'), program);
  run('musl-gcc', '-rdynamic', '-o', join(folder, 'load'), join(folder, 'load.c'));
  stdout.write(run(join(folder, 'load'), binary));
} finally {
  rmSync(folder, { recursive: true });
}
