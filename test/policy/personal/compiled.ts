/** A policy with a section `personal`, for tests. */
import { compilePolicy } from '../../../src/policy/compile.ts';
import type { Policy } from '../../../src/policy/policy.ts';
import type { PersonalRules } from '../../../src/shapes.ts';
import { vocabulary } from '../vocabulary.ts';

const REST = `
rules:
  - { id: all, because: All., then: { cloud: {} } }
unclassified: { because: None., then: { cloud: {} } }
`;

/** @param personal the section, indented by two spaces @param rest the other sections, if not one rule for all */
export const policyWith = (personal: string, rest = REST): Policy =>
  compilePolicy(`version: 1\npersonal:\n${personal}\n${rest}`, 'p.yaml', vocabulary);

export const rulesWith = (personal: string, tenant = ''): PersonalRules =>
  policyWith(personal).personalRules(tenant);
