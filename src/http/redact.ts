/**
 * POST /v1/redact: what would leave of a text, of some texts, or of a chat request, and what was found where in it.
 * Nothing is decided, nothing leaves, nothing of it is kept.
 */
import type { RequestHandler } from 'express';
import { type Preview, preview } from '../journey.ts';
import { type Shown, spanToWire } from '../redact/redaction.ts';
import type { Json, JsonObject } from '../shapes.ts';
import { setOut } from './arrival.ts';
import type { ClassifyRoute } from './classify.ts';
import { sendFailure } from './failure.ts';
import { setProvenance } from './headers.ts';

/** Counts and times a request; there is no decision to log. */
export type RedactRoute = ClassifyRoute;

export function redactRoute(route: RedactRoute): RequestHandler {
  return async (req, res) => {
    const way = setOut(req, res, route, () => route.readJson(req, res));
    const finished = await preview(way, {
      preview(shown, provenance) {
        setProvenance(res, provenance);
        res.json({ id: way.arrival.requestId, object: 'tiergate.redaction', ...toWire(shown) });
      },
      failure(error, provenance) {
        setProvenance(res, provenance);
        sendFailure(res, error);
      },
    });
    route.observe(finished);
  };
}

function toWire({ request, redaction: { document, findings } }: Preview): JsonObject {
  switch (request.form) {
    case 'text':
      return { text: document.text as Json, spans: findings.map(spanToWire) };
    case 'texts': {
      const texts = document.text as readonly string[];
      const spans: JsonObject[][] = texts.map(() => []);
      for (const finding of findings) spans[finding.path[1] as number]?.push(spanToWire(finding));
      return { texts: texts.map((text, i) => ({ text, spans: spans[i] ?? [] })) };
    }
    case 'messages':
      return {
        body: document,
        spans: findings.map((finding) => ({ path: pointerOf(finding), ...spanToWire(finding) })),
      };
  }
}

/** A JSON pointer (RFC 6901); a `#` at the end, as in Relative JSON Pointers, says that the key itself is meant. */
const pointerOf = ({ path, role }: Shown): string =>
  path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('') +
  (role === 'key' ? '#' : '');
