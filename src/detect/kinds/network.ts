/** Addresses of machines (IPv4, IPv6, MAC), and URLs that carry credentials or a person's data in their query. */
import { isIPv6 } from 'node:net';
import { type Match, type StructuredFamily, type Subject, spansOf } from '../subject.ts';

const OCTET = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const IPV4 = new RegExp(`(?<![0-9A-Za-z.])(?:${OCTET}\\.){3}${OCTET}(?![0-9A-Za-z]|\\.\\d)`, 'g');
/** Neither names anybody's machine: unspecified, loopback, broadcast, netmasks. */
const IPV4_OF_NOBODY = /^(?:0\.|127\.|255\.)/;
/** Four numbers can also be a version. */
const VERSION_WORD = /(?<![A-Za-z])(?:v|version|ver\.?|release|build|firmware|driver)[\s:=]*$/i;
// A word and a colon may stand before (`addr:`), more of a hexadecimal dump may not.
const IPV6 =
  /(?:(?<![0-9A-Za-z:.])|(?<=(?<![0-9A-Za-z])(?![0-9A-Fa-f]{1,4}:)[A-Za-z]{2,16}:))[0-9A-Fa-f:]{2,39}(?:(?<=:)(?:\d{1,3}\.){3}\d{1,3})?(?![0-9A-Za-z:])/g;
const MAC =
  /(?<![0-9A-Za-z]|(?<![0-9A-Za-z])[0-9A-Fa-f]{2}[:-])(?:[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4})(?![0-9A-Za-z:-])/g;

export const network: StructuredFamily = {
  name: 'network',
  kinds: ['IP_ADDRESS', 'MAC_ADDRESS', 'URL'],
  find: (subject) => [...machines(subject), ...urls(subject.text)],
};

function machines(subject: Subject): Match[] {
  const { text, digits } = subject;
  const matches: Match[] = [];
  if (digits === 0) return matches;
  if (MAY_BE_IPV4.test(text)) {
    for (const { 0: found, index: start, end } of spansOf(IPV4, text)) {
      if (IPV4_OF_NOBODY.test(found) || VERSION_WORD.test(text.slice(Math.max(0, start - 16), start)))
        continue;
      matches.push({ start, end, kind: 'IP_ADDRESS', score: 0.9 });
    }
  }
  if (TWO_COLONS.test(text)) {
    for (const { 0: found, index: start, end } of spansOf(IPV6, text)) {
      if (isMachineV6(found)) matches.push({ start, end, kind: 'IP_ADDRESS', score: 0.95 });
    }
  }
  if (MAY_BE_MAC.test(text)) {
    for (const { 0: found, index: start, end } of spansOf(MAC, text)) {
      if (!/^[0.:-]+$|^[Ff.:-]+$/.test(found)) matches.push({ start, end, kind: 'MAC_ADDRESS', score: 0.95 });
    }
  }
  for (const { 1: found = '', end } of spansOf(NAMED_MAC, text)) {
    matches.push({ start: end - found.length, end, kind: 'MAC_ADDRESS', score: 0.8 });
  }
  if (/^[0-9A-Fa-f]{12}$/.test(text) && MAC_FIELD.test(subject.key)) {
    matches.push({ start: 0, end: text.length, kind: 'MAC_ADDRESS', score: 0.8 });
  }
  return matches;
}

/** Without separators a word must say so. */
const NAMED_MAC =
  /(?<![A-Za-z])mac(?:[ _-]?addr(?:ess)?)?["']?(?: is)?[ :=]{1,3}["']?([0-9a-f]{12})(?![0-9a-z])/gi;
const MAC_FIELD = /(?:^| )mac(?: addr(?:ess)?)?$/;

/** A part of every such address that few texts have. */
const MAY_BE_IPV4 = /\d\.\d{1,3}\.\d{1,3}\.\d/;
const MAY_BE_MAC = /[:-][0-9A-Fa-f]{2}[:-][0-9A-Fa-f]{2}[:-]|\.[0-9A-Fa-f]{4}\./;

/** Every IPv6 address has two colons with at most four digits between them: few texts do. */
const TWO_COLONS = /:[0-9A-Fa-f]{0,4}:/;

/** `a::b` is code and `::1` is this machine: an address has three groups or more, or a prefix that is in use. */
function isMachineV6(text: string): boolean {
  if (!text.includes(':') || !/\d/.test(text) || !isIPv6(text)) return false;
  return text.split(':').filter(Boolean).length >= 3 || /^(?:fe80|f[cd]|[23][0-9a-f]{3}):/i.test(text);
}

/** RFC 3986, section 3.2.1: `user:password@` before the host. */
const WITH_CREDENTIALS = /[^\s/?#@:"'<>\uFDD0]{0,128}:[^\s/?#@"'<>\uFDD0]{1,256}@[^\s"'<>`\uFDD0]{1,2048}/y;
const DATABASE =
  /(?:^|[+:])(?:postgres|postgresql|postgis|cockroachdb|mysql|mysqlx|mariadb|mongodb|redis|rediss|valkey|amqp|amqps|mssql|sqlserver|oracle|db2|clickhouse|cassandra|couchbase|couchbases|neo4j|bolt|snowflake|trino|presto|vertica|redshift|elasticsearch|opensearch|influxdb|kafka|nats|mqtt|mqtts|jdbc|odbc|ldap|ldaps|smtp|smtps|imap|imaps|ftp|ftps|sftp|ssh|smb|cloudinary)(?![a-z])/i;
const URL_REST = /[^\s"'<>`]{1,4096}/y;
/** Query parameters whose value is a secret, or says who somebody is. */
const SECRET_PARAMETER =
  /[?&;](?:[a-z]{0,16}[_-]?(?:token|api[_-]?key|secret|password|passwd|pwd|signature)|apikey|auth|sig|session(?:[_-]?id)?|sid|jwt)=([^&#\s;\uFDD0]{4,2048})/gi;
const PERSONAL_PARAMETER =
  /[?&;](?:[a-z]{0,16}[_-]?(?:e?mail|phone|mobile|first[_-]?name|last[_-]?name|full[_-]?name|surname|birth(?:day|date)|ssn|iban|address|patient)(?:[_-]?(?:number|id))?|dob|tel|user(?:name|[_-]?id)?)=([^&#\s;\uFDD0]{2,2048})/gi;

function urls(text: string): Match[] {
  const matches: Match[] = [];
  let read = 0;
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const scheme = /[A-Za-z][A-Za-z0-9+.-]{0,30}$/.exec(text.slice(Math.max(0, at - 31), at))?.[0];
    if (scheme === undefined) continue;
    WITH_CREDENTIALS.lastIndex = at + 3;
    const credentials = WITH_CREDENTIALS.exec(text);
    if (credentials !== null) {
      const kind = DATABASE.test(scheme) ? 'SECRET' : 'URL';
      const end = at + 3 + credentials[0].replace(/[.,;:!?)\]}]+$/, '').length;
      matches.push({ start: at - scheme.length, end, kind, score: 0.95 });
      continue;
    }
    // A URL inside a URL's query has been read with it: reading it again would make the work quadratic.
    if (at < read) continue;
    URL_REST.lastIndex = at + 3;
    const rest = URL_REST.exec(text)?.[0] ?? '';
    read = at + 3 + rest.length;
    if (isOfPerson(text, at - scheme.length, rest)) {
      matches.push({ start: at - scheme.length, end: read - trailing(rest), kind: 'URL', score: 0.8 });
      continue;
    }
    if (!rest.includes('=')) continue;
    matches.push(...parameters(rest, SECRET_PARAMETER, at + 3, 'SECRET'));
    matches.push(...parameters(rest, PERSONAL_PARAMETER, at + 3, 'URL'));
  }
  return matches;
}

/** Places where a path names a person. */
const PROFILE =
  /^(?:[a-z]{2,3}\.|www\.|m\.)?(?:linkedin\.com\/(?:in|pub)\/|(?:facebook|instagram|tiktok|threads|pinterest|soundcloud)\.(?:com|net)\/@?|(?:twitter|x)\.com\/|t\.me\/\+?|wa\.me\/|api\.whatsapp\.com\/send\/?\?phone=|(?:medium|youtube)\.com\/@|mastodon\.[a-z]{2,12}\/@|(?:paypal|ko-fi|venmo|cash)\.(?:me|com|app)\/|calendly\.com\/|orcid\.org\/\d|[^/]{1,253}\/~|keybase\.io\/|xing\.com\/profile\/|vk\.com\/|zoom\.us\/my\/)[\w.$@+-]{2,}/i;
const OWN_PAGE =
  /(?<![a-z])(?:my|his|her|their|personal|private) (?:own |personal )?(?:web ?site|web ?page|home ?page|blog|portfolio|profile|page|site|url|link|channel)(?: is| at)?[:= ]{0,3}["'(<]?$|(?<![a-z])(?:home ?page|linkedin|facebook|instagram|twitter|portfolio|personal (?:url|site|website))[:= ]{1,3}["'(<]?$/i;

/** Whether a URL is the page of a person: of a profile, or called their own. */
const isOfPerson = (text: string, start: number, rest: string): boolean =>
  PROFILE.test(rest) || OWN_PAGE.test(text.slice(Math.max(0, start - OWN_PAGE_CHARS_MAX), start));
const OWN_PAGE_CHARS_MAX = 40;

/** Characters at the end of a URL that belong to the sentence around it. */
const trailing = (rest: string): number => /[.,;:!?)\]}>*_]*$/.exec(rest)?.[0].length ?? 0;

/** Only the parameter's value is hidden: the rest of a URL tells the model what it is about. */
function parameters(rest: string, pattern: RegExp, offset: number, kind: Match['kind']): Match[] {
  return spansOf(pattern, rest).flatMap((found) => {
    const value = (found[1] ?? '').replace(/[.,;:!?)\]}]+$/, '');
    // `?token=...` and `?token={token}` show where a value goes.
    if (value === '' || /^(?:[$%#]?[{<([]|%7B)/i.test(value)) return [];
    const start = offset + found.end - (found[1] ?? '').length;
    return [{ start, end: start + value.length, kind, score: 0.8 }];
  });
}
