// What `npm start`, `npm test` and `npm run tiergate` run first. It needs nothing but Node 20: it installs what is
// missing, shows a line for each step, and hands over to the Node that the project pins.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const pinnedNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

const VERBS = {
  start: { args: ['src/main.ts'] },
  tiergate: { args: ['src/cli/main.ts'] },
  test: { args: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'] },
};

const [verb, ...rest] = process.argv.slice(2);
if (!(verb in VERBS)) {
  console.error(`usage: node scripts/bootstrap.mjs ${Object.keys(VERBS).join('|')} [ARGUMENT ...]`);
  process.exit(2);
}
if (!isInstalled()) await install();
process.exit(await run(pinnedNode, ['--disable-warning=ExperimentalWarning', ...VERBS[verb].args, ...rest]));

/** True if node_modules holds what the lock file asks for (packages for other platforms aside). */
function isInstalled() {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  const wanted = readPackages(join(root, 'package-lock.json'));
  return (
    existsSync(pinnedNode) &&
    Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
    )
  );
}

function readPackages(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

async function install() {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const line = 'Installing packages (npm ci)';
  process.stderr.write(process.stderr.isTTY ? '' : `${line} …\n`);
  const ticker = process.stderr.isTTY
    ? setInterval(() => process.stderr.write(`\r${line} … ${seconds()} `), 250)
    : undefined;
  // Under `npm run`, npm says where it is; its own .js file runs on whatever Node runs this.
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const code = await run(command, [...first, 'ci', '--loglevel=error', '--no-audit', '--no-fund'], 'pipe');
  clearInterval(ticker);
  if (code !== 0) process.exit(code);
  process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}${line} … done in ${seconds()}\n`);
}

/** Runs a command to its end; what it prints is shown, or kept back and shown only if it fails. */
function run(command, args, output = 'inherit') {
  const child = spawn(command, args, { cwd: root, stdio: ['inherit', output, output] });
  const kept = [];
  child.stdout?.on('data', (piece) => kept.push(piece));
  child.stderr?.on('data', (piece) => kept.push(piece));
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // A terminal sends Ctrl-C to the whole group already; what other senders send is meant for the server.
  const isSent = (signal) => signal === 'SIGINT' && process.stdin.isTTY;
  for (const signal of signals) process.on(signal, () => isSent(signal) || child.kill(signal));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('close', (code) => {
      if (code !== 0 && kept.length > 0) process.stderr.write(Buffer.concat(kept));
      resolve(code ?? 1);
    });
  });
}
