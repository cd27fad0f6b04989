/**
 * What is written down: telemetry and the decision log.
 */
import { join } from 'node:path';
import { openDecisionLog } from '../record/decision-log.ts';
import { readPrice } from '../record/metrics.ts';
import { createRecorder } from '../record/record.ts';
import { otlpSignals, startTelemetry } from '../record/telemetry.ts';
import type { Surroundings } from './surroundings.ts';

export async function openRecording({ settings, log, spanProcessors }: Surroundings) {
  const telemetry = startTelemetry({
    otlp: otlpSignals(settings.secret),
    price: readPrice(settings.TIERGATE_CLOUD_PRICE),
    ...(spanProcessors === undefined ? {} : { spanProcessors }),
    onProblem: () => log.write('warn', 'telemetry_failed'),
  });
  const decisions = await openDecisionLog({
    folder: join(settings.TIERGATE_DATA, 'decisions'),
    bytesMax: settings.TIERGATE_LOG_BYTES_MAX,
    onDamage: ({ lostRecords }) => log.write('error', 'decision_log_damaged', { count: lostRecords }),
    onFailure: (errno) => log.write('error', 'decision_log_failed', { errno }),
  });
  const close = async (): Promise<void> => {
    const { lost } = await decisions.close();
    if (lost > 0) log.write('error', 'decision_log_lost', { count: lost });
    await telemetry.close().catch(() => log.write('warn', 'telemetry_failed'));
  };
  return { telemetry, decisions, record: createRecorder({ decisions, log }), close };
}
