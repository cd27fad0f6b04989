/**
 * `npm start`: builds the gateway with a line for each step, serves, and goes down in an orderly way.
 * Exit codes: 0 stopped when asked to, 1 could not start, 2 ended by a fault of its own.
 */
import { assemble, type Gateway } from './assemble/gateway.ts';
import type { Step } from './assemble/surroundings.ts';
import { asTiergateError } from './errors.ts';
import { firstScreen } from './first-screen.ts';
import { type Listening, listen } from './http/server.ts';
import { createLog, errorFields, type Log, type LogLevel } from './record/log.ts';
import { readSettings, type Settings } from './settings.ts';

/** A line for each step: what, how far, how long. To stderr, where the log goes; the first screen goes to stdout. */
const step: Step = async (what, run) => {
  const { stderr } = process;
  const startedAt = performance.now();
  let shown = '';
  const show = (done: number, total: number): void => {
    const line = `\r${what} … ${Math.floor((100 * done) / total)} %`;
    if (stderr.isTTY && line !== shown) stderr.write(line);
    shown = line;
  };
  if (stderr.isTTY) stderr.write(`${what} …`);
  const result = await run(show);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  stderr.write(`${stderr.isTTY ? '\r' : ''}${what} … done in ${seconds} s\n`);
  return result;
};

async function start(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog({ level: settings.TIERGATE_LOG_LEVEL as LogLevel, to: process.stderr });
  const gateway = await assemble({ settings, log, step, tell: (text) => process.stderr.write(text) });
  const listening = await listen(gateway.app, {
    host: settings.TIERGATE_HOST,
    port: settings.TIERGATE_PORT,
    uploadWaitMsMax: settings.TIERGATE_UPLOAD_WAIT_MS_MAX,
    idleWaitMsMax: settings.TIERGATE_IDLE_WAIT_MS_MAX,
  });
  process.on('uncaughtException', (thrown) => crash(thrown, log));
  process.stdout.write(firstScreen(gateway, listening, settings));
  const { revision } = gateway.policy.current();
  log.write('info', 'started', { port: listening.port, revision, engine: gateway.engine });
  process.on('SIGHUP', () => void gateway.policy.reload());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop(gateway, listening, settings, log));
  }
}

async function stop(gateway: Gateway, listening: Listening, settings: Settings, log: Log): Promise<void> {
  log.write('info', 'draining');
  gateway.beginDraining();
  await listening.drain(settings.TIERGATE_DRAIN_WAIT_MS_MAX);
  await gateway.close();
  log.write('info', 'stopped');
}

/** Nothing is known to be whole any more. Node would print the error's message, which may quote a request. */
function crash(thrown: unknown, log: Log): never {
  log.write('error', 'crashed', errorFields(asTiergateError(thrown, 'respond_failed')));
  process.exit(2);
}

try {
  await start();
} catch (error) {
  // What stands in the way of a start is the operator's to read: their own files, variables and ports.
  process.stderr.write(
    `\ntiergate could not start.\n\n${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
}
