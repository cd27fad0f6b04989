/** The kinds of personal data that are searched for: what a policy, a placeholder and a report call a value. */

/** Kinds that a shape, a checksum or the words beside them tell: Presidio's entity names where Presidio has one. */
export const STRUCTURED_KINDS = [
  'EMAIL_ADDRESS',
  'PHONE_NUMBER',
  'CREDIT_CARD',
  'IBAN_CODE',
  'CRYPTO',
  'IP_ADDRESS',
  'MAC_ADDRESS',
  'URL',
  'DATE_OF_BIRTH',
  'MEDICAL_RECORD_NUMBER',
  'MEDICAL_LICENSE',
  'PASSPORT',
  'US_SSN',
  'US_ITIN',
  'US_PASSPORT',
  'US_DRIVER_LICENSE',
  'US_BANK_NUMBER',
  'ABA_ROUTING_NUMBER',
  'US_NPI',
  'US_MBI',
  'UK_NHS',
  'UK_NINO',
  'UK_PASSPORT',
  'UK_DRIVING_LICENCE',
  'UK_POSTCODE',
  'UK_VEHICLE_REGISTRATION',
  'CA_SIN',
  'ES_NIF',
  'ES_NIE',
  'ES_PASSPORT',
  'IT_FISCAL_CODE',
  'IT_DRIVER_LICENSE',
  'IT_VAT_CODE',
  'IT_PASSPORT',
  'IT_IDENTITY_CARD',
  'PL_PESEL',
  'DE_TAX_ID',
  'DE_TAX_NUMBER',
  'DE_PASSPORT',
  'DE_ID_CARD',
  'DE_SOCIAL_SECURITY',
  'DE_HEALTH_INSURANCE',
  'DE_FUEHRERSCHEIN',
  'DE_KFZ',
  'DE_HANDELSREGISTER',
  'DE_VAT_ID',
  'DE_LANR',
  'DE_BSNR',
  'DE_PLZ',
  'FR_NIR',
  'SE_PERSONNUMMER',
  'SE_ORGANISATIONSNUMMER',
  'FI_PERSONAL_IDENTITY_CODE',
  'NL_BSN',
  'TR_NATIONAL_ID',
  'TR_LICENSE_PLATE',
  'IN_AADHAAR',
  'IN_PAN',
  'IN_PASSPORT',
  'IN_VOTER',
  'IN_GSTIN',
  'IN_VEHICLE_REGISTRATION',
  'AU_TFN',
  'AU_ABN',
  'AU_ACN',
  'AU_MEDICARE',
  'SG_NRIC_FIN',
  'SG_UEN',
  'KR_RRN',
  'KR_FRN',
  'KR_BRN',
  'KR_PASSPORT',
  'KR_DRIVER_LICENSE',
  'TH_TNIN',
  'CN_RESIDENT_ID',
  'BR_CPF',
  'NG_NIN',
  'NG_VEHICLE_REGISTRATION',
  'ZA_ID_NUMBER',
  'SECRET',
] as const;
/** Kinds that only the sentence around them tells: the model finds them. */
export const NAMED_KINDS = [
  'PERSON',
  'LOCATION',
  'ADDRESS',
  'ORGANIZATION',
  'USERNAME',
  'AGE',
  'TITLE',
  'NRP',
] as const;
/** From this score on, a name is looked for everywhere, and may be left nowhere. */
export const NAME_SCORE_SURE = 0.8;
export const ENTITY_KINDS = [...STRUCTURED_KINDS, ...NAMED_KINDS] as const;
/** A kind of an organisation's own, found by a pattern of its policy. */
export type CustomKind = `CUSTOM_${string}`;
export type EntityKind = (typeof ENTITY_KINDS)[number] | CustomKind;
const NAMED: ReadonlySet<EntityKind> = new Set(NAMED_KINDS);
/** Whether only a model tells the kind. */
export const isNamed = (kind: EntityKind): boolean => NAMED.has(kind);
/** How many findings there are of each kind. */
export type KindCounts = Readonly<
  Partial<Record<(typeof ENTITY_KINDS)[number], number>> & Record<CustomKind, number>
>;
