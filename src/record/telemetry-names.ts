/**
 * Every name that tiergate gives to the outside in spans and metrics. They are a contract: dashboards and alerts are
 * built on them. The first part is OpenTelemetry's, and a test holds it against the semantic-conventions package; the
 * second is tiergate's own. `docs/observability.md` lists them.
 */

/** Attributes of the HTTP, error and GenAI semantic conventions. */
export const SEMCONV = {
  HTTP_REQUEST_METHOD: 'http.request.method',
  HTTP_ROUTE: 'http.route',
  HTTP_RESPONSE_STATUS_CODE: 'http.response.status_code',
  ERROR_TYPE: 'error.type',
  SERVER_ADDRESS: 'server.address',
  SERVER_PORT: 'server.port',
  SERVICE_NAME: 'service.name',
  GEN_AI_OPERATION_NAME: 'gen_ai.operation.name',
  GEN_AI_PROVIDER_NAME: 'gen_ai.provider.name',
  GEN_AI_REQUEST_MODEL: 'gen_ai.request.model',
  GEN_AI_RESPONSE_MODEL: 'gen_ai.response.model',
  GEN_AI_USAGE_INPUT_TOKENS: 'gen_ai.usage.input_tokens',
  GEN_AI_USAGE_OUTPUT_TOKENS: 'gen_ai.usage.output_tokens',
  GEN_AI_TOKEN_TYPE: 'gen_ai.token.type',
} as const;

/** Metrics of the same conventions. */
export const SEMCONV_METRICS = {
  HTTP_SERVER_REQUEST_DURATION: 'http.server.request.duration',
  HTTP_SERVER_ACTIVE_REQUESTS: 'http.server.active_requests',
  GEN_AI_CLIENT_TOKEN_USAGE: 'gen_ai.client.token.usage',
  GEN_AI_CLIENT_OPERATION_DURATION: 'gen_ai.client.operation.duration',
} as const;

/** tiergate's own attributes. */
export const ATTRIBUTES = {
  REQUEST_ID: 'tiergate.request.id',
  TENANT: 'tiergate.tenant',
  TIER: 'tiergate.tier',
  TIER_DECIDED: 'tiergate.tier.decided',
  RULE: 'tiergate.rule',
  POLICY_REVISION: 'tiergate.policy.revision',
  INTENT: 'tiergate.intent',
  CONFIDENCE: 'tiergate.confidence',
  URGENCY: 'tiergate.urgency',
  SCORE: 'tiergate.score',
  REDACTED: 'tiergate.redacted',
  ATTEMPTS: 'tiergate.attempts',
  STAGE: 'tiergate.stage',
  PROVIDER: 'tiergate.provider',
  ENTITY_KIND: 'tiergate.entity.kind',
  END: 'tiergate.end',
  CURRENCY: 'tiergate.currency',
  ENGINE: 'tiergate.engine',
  BOUND: 'tiergate.bound',
  VERDICT: 'tiergate.verdict',
  WHY: 'tiergate.why',
} as const;

/** tiergate's own metrics. */
export const METRICS = {
  REQUESTS: 'tiergate.requests',
  REJECTIONS: 'tiergate.rejections',
  STAGE_DURATION: 'tiergate.stage.duration',
  TOKENS_LOCAL: 'tiergate.tokens.local',
  COST_AVOIDED: 'tiergate.cost.avoided',
  REDACTIONS: 'tiergate.redactions',
  ANSWER_PERSONAL: 'tiergate.answer.personal',
  ENGINE_INFO: 'tiergate.engine.info',
  GUARANTEE_LEVEL: 'tiergate.guarantee.level',
  GUARANTEE_ERROR: 'tiergate.guarantee.error',
  FEEDBACK: 'tiergate.feedback',
  EGRESS_BLOCKED: 'tiergate.egress.blocked',
} as const;
