/**
 * Every error a caller can be given, in one table. A code is `<stage>_<what>`. The table is the contract: `docs/errors.md`
 * lists the same rows, and a test holds the two together.
 */

/** Whose fault it is: the application, the policy that refused, the model server behind us, or tiergate itself. */
export type Blame = 'caller' | 'policy' | 'upstream' | 'gateway';

interface Row {
  readonly status: number;
  /** OpenAI's `error.type`. */
  readonly type: string;
  readonly blame: Blame;
  /** Sent as `x-should-retry`: would the same request have a chance later? */
  readonly retryable: boolean;
  /** What happened. The application sees it: it never holds content. */
  readonly message: string;
  /** What to do about it. */
  readonly next: string;
}

const caller = { type: 'invalid_request_error', blame: 'caller', retryable: false } as const;
const upstream = { type: 'api_error', blame: 'upstream', retryable: true } as const;
const gateway = { type: 'api_error', blame: 'gateway', retryable: true } as const;

export const ERRORS = {
  in_body_not_json: {
    ...caller,
    status: 400,
    message: 'The request body is not valid JSON.',
    next: 'Send one JSON object, encoded as UTF-8.',
  },
  in_body_not_utf8: {
    ...caller,
    status: 400,
    message: 'The request body is not valid UTF-8.',
    next: 'Encode the body as UTF-8.',
  },
  in_body_too_large: {
    ...caller,
    status: 413,
    message: 'The request body is larger than this gateway accepts.',
    next: 'Send less, or raise TIERGATE_BODY_BYTES_MAX.',
  },
  in_body_too_deep: {
    ...caller,
    status: 400,
    message: 'The request body is nested more deeply than this gateway accepts.',
    next: 'Flatten the document.',
  },
  in_body_encoding: {
    ...caller,
    status: 415,
    message: 'The content encoding or character set of the request body is not supported.',
    next: 'Send UTF-8, uncompressed or with gzip, deflate or br.',
  },
  in_body_invalid: {
    ...caller,
    status: 400,
    message: 'A field of the request has the wrong type or value.',
    next: 'Correct the field that `param` names.',
  },
  in_upload_aborted: {
    ...caller,
    status: 400,
    message: 'The upload ended before the whole body had arrived.',
    next: 'Send the request again.',
  },
  in_upload_slow: {
    ...caller,
    retryable: true,
    status: 408,
    message: 'The request did not arrive in time.',
    next: 'Send the request again.',
  },
  in_header_too_large: {
    ...caller,
    status: 431,
    message: 'The request headers are larger than this gateway accepts.',
    next: 'Send fewer or shorter headers.',
  },
  in_request_malformed: {
    ...caller,
    status: 400,
    message: 'The request is not valid HTTP.',
    next: 'Use an HTTP/1.1 client.',
  },
  in_method_not_allowed: {
    ...caller,
    status: 405,
    message: 'This path does not take this method.',
    next: 'See the Allow header.',
  },
  in_not_found: {
    ...caller,
    status: 404,
    message: 'There is nothing at this path.',
    next: 'The chat surface is POST /v1/chat/completions.',
  },
  in_unknown_model: {
    ...caller,
    status: 404,
    message: 'The model does not exist here.',
    next: 'GET /v1/models lists what does. `tiergate-auto` lets the policy choose.',
  },
  in_draining: {
    ...gateway,
    status: 503,
    message: 'This gateway is shutting down.',
    next: 'Retry: another instance will answer.',
  },
  in_overloaded: {
    ...gateway,
    type: 'rate_limit_error',
    status: 429,
    message: 'This gateway has as many requests under way as it accepts.',
    next: 'Retry after a moment.',
  },
  authenticate_missing: {
    ...caller,
    type: 'authentication_error',
    status: 401,
    message: 'No API key was given.',
    next: 'Send `Authorization: Bearer tg-…`.',
  },
  authenticate_invalid: {
    ...caller,
    type: 'authentication_error',
    status: 401,
    message: 'The API key is not known.',
    next: 'Check the key, or have a new one made with `npm run tiergate -- key new`.',
  },
  authenticate_scope: {
    ...caller,
    type: 'permission_error',
    status: 403,
    message: 'The API key does not allow this.',
    next: 'Use a key with the scope that this path needs.',
  },
  detect_failed: {
    ...gateway,
    status: 500,
    message: 'The search for personal data failed, so the request went nowhere.',
    next: 'Retry; if it persists, the operator finds the cause under this request id.',
  },
  detect_timeout: {
    ...gateway,
    status: 503,
    message: 'The search for names took longer than it may, so the request went nowhere.',
    next: 'Retry after a moment, or send less text in one request.',
  },
  detect_too_much: {
    ...caller,
    status: 413,
    message: 'The request holds more text than can be searched for personal data.',
    next: 'Send less text in one request.',
  },
  decide_refused: {
    ...caller,
    type: 'permission_error',
    blame: 'policy',
    status: 403,
    message: 'The policy of this gateway refuses this request.',
    next: 'The rule is named in x-tiergate-rule.',
  },
  answer_unavailable: {
    ...upstream,
    status: 502,
    message: 'The on-prem model server gave no usable answer.',
    next: 'Retry; the operator finds the cause under this request id.',
  },
  redact_failed: {
    ...gateway,
    status: 500,
    message: 'Personal data could not be replaced, so the request did not leave.',
    next: 'Retry; if it persists, the operator finds the cause under this request id.',
  },
  restore_failed: {
    ...gateway,
    status: 500,
    message: 'The answer could not be put together again.',
    next: 'Retry.',
  },
  escalate_blocked: {
    ...gateway,
    retryable: false,
    status: 500,
    message: 'The last check found personal data in what was about to leave, so it did not leave.',
    next: 'Report this request id to the operator: it is a fault of the gateway.',
  },
  escalate_unchecked: {
    ...gateway,
    status: 500,
    message: 'The last check of what was about to leave failed or took too long, so it did not leave.',
    next: 'Retry; if it persists, the operator finds the cause under this request id.',
  },
  escalate_host_refused: {
    ...gateway,
    retryable: false,
    status: 502,
    message: 'The cloud model’s address leads to a place that this gateway may not reach.',
    next: 'The operator corrects the provider’s address, or allows a private one in TIERGATE_PRIVATE_HOSTS.',
  },
  escalate_no_provider: {
    ...gateway,
    retryable: false,
    status: 503,
    message: 'The policy names a model that no configured provider serves.',
    next: 'The operator adds the provider or corrects the policy.',
  },
  escalate_unreachable: {
    ...upstream,
    status: 502,
    message: 'The cloud model could not be reached.',
    next: 'Retry.',
  },
  escalate_upstream_failed: {
    ...upstream,
    status: 502,
    message: 'The cloud model reported a fault of its own.',
    next: 'Retry.',
  },
  escalate_timeout: {
    ...upstream,
    status: 504,
    message: 'The cloud model did not answer in time.',
    next: 'Retry.',
  },
  escalate_broken_off: {
    ...upstream,
    status: 502,
    message: 'The cloud model broke off in the middle of its answer.',
    next: 'Retry.',
  },
  escalate_unintelligible: {
    ...upstream,
    status: 502,
    message: 'The cloud model answered with something that is not an answer.',
    next: 'Retry; if it persists, check the provider in the settings.',
  },
  escalate_too_large: {
    ...upstream,
    retryable: false,
    status: 502,
    message: 'The cloud model answered with more than this gateway accepts.',
    next: 'Ask for a shorter answer.',
  },
  escalate_rejected: {
    ...upstream,
    type: 'invalid_request_error',
    blame: 'caller',
    retryable: false,
    status: 400,
    message: 'The cloud model refused the request as invalid.',
    next: 'The provider’s own error code is in `param`.',
  },
  escalate_rate_limited: {
    ...upstream,
    type: 'rate_limit_error',
    status: 429,
    message: 'The cloud model is rate limited.',
    next: 'Retry after a moment.',
  },
  escalate_credentials: {
    ...upstream,
    retryable: false,
    blame: 'gateway',
    status: 502,
    message: 'The cloud model refused this gateway’s own credentials.',
    next: 'The operator corrects the provider’s key.',
  },
  handoff_failed: {
    ...gateway,
    status: 500,
    message: 'The request could not be handed to a person.',
    next: 'Retry.',
  },
  handoff_full: {
    ...gateway,
    status: 503,
    message: 'The queue for people is full.',
    next: 'Retry later.',
  },
  handoff_not_found: {
    ...caller,
    status: 404,
    message: 'There is no such hand-off.',
    next: 'GET /v1/handoffs lists those of your tenant.',
  },
  handoff_conflict: {
    ...caller,
    status: 409,
    message: 'The hand-off is not in a state that allows this.',
    next: 'Look at its status: only a waiting one can be claimed, only its claimer can resolve it.',
  },
  record_unavailable: {
    ...gateway,
    status: 503,
    message: 'The gateway cannot write its decision log, and decides nothing that it cannot record.',
    next: 'Retry later; the operator finds the cause in the log.',
  },
  record_no_such_request: {
    ...caller,
    status: 404,
    message: 'There is no classified request of this id any more, or it is not your tenant’s.',
    next: 'Send the x-request-id of an answer; those of the latest requests are known.',
  },
  respond_failed: {
    ...gateway,
    status: 500,
    message: 'Something went wrong inside the gateway.',
    next: 'Retry; if it persists, the operator finds the cause under this request id.',
  },
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof ERRORS;

/** An error of the table. `message` is public; `detail` and `cause` are for the log, and hold no content either. */
export class TiergateError extends Error {
  readonly code: ErrorCode;
  /** The field at fault, as a path such as `messages[0].role`; or a word that says more. Public. */
  readonly param: string | null;
  /** For the operator's log line only. */
  readonly detail: string | null;
  /** Seconds until a retry makes sense, where somebody said so. */
  readonly retryAfterS: number | null;

  constructor(
    code: ErrorCode,
    more: {
      readonly param?: string | undefined;
      readonly detail?: string | undefined;
      readonly message?: string | undefined;
      readonly retryAfterS?: number | undefined;
      readonly cause?: unknown;
    } = {},
  ) {
    super(more.message ?? ERRORS[code].message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'TiergateError';
    this.code = code;
    this.param = more.param ?? null;
    this.detail = more.detail ?? null;
    this.retryAfterS = more.retryAfterS ?? null;
  }

  get row(): Row {
    return ERRORS[this.code];
  }
}

/** Makes any thrown value an error of the table: what is not one already becomes `code`, its cause kept for the log. */
export function asTiergateError(thrown: unknown, code: ErrorCode): TiergateError {
  return thrown instanceof TiergateError ? thrown : new TiergateError(code, { cause: thrown });
}

/** The body that an OpenAI SDK understands. Holds nothing but the table's words and the field at fault. */
export function errorBody(error: TiergateError): {
  error: { message: string; type: string; code: ErrorCode; param: string | null };
} {
  const { row } = error;
  return {
    error: { message: `${error.message} ${row.next}`, type: row.type, code: error.code, param: error.param },
  };
}
