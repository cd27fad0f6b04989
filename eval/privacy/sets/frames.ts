/** Sentences, documents and log lines that a marked value stands in. */
import type { Language } from '../values/kind.ts';

export interface Frame {
  readonly name: string;
  readonly text: string;
}

const named = (prefix: string, texts: readonly string[]): Frame[] =>
  texts.map((text, at) => ({ name: `${prefix} ${at + 1}`, text }));

/** With `{label}`, what people call the value. */
export const SENTENCES: Readonly<Record<Language, readonly Frame[]>> = {
  en: named('en', [
    'My {label} is {value}.',
    'Hi, {label}: {value} - can you please check what happened?',
    'Please update the {label} on my account to {value}, thanks!',
    'I think you have the wrong {label} on file, it should be {value} instead',
    'ok so {label} {value} and now what',
    'Customer called. {label} = {value}. Wants a call back tomorrow.',
    'The form asks for a {label} and I entered {value} but it is refused.',
    'Here is the {label} you asked for:\n{value}\nBest regards',
    '{label}: {value}\nPriority: high\nTopic: refund of order',
    'For verification, her {label} ({value}) was confirmed by phone',
    'Agent: what is the {label}?\nCustomer: {value}',
    'Q: {label}?\nA: {value}',
    'Two things: first, my {label} changed; the new one is {value}. Second, I moved.',
    'can u see {value} ({label}) in the system??',
    'He wrote "{label}: {value}" on the back of the envelope.',
    '- {label}: {value}\n- status: open',
    '**{label}:** {value}',
    'Subject: wrong {label}\n\nDear team,\n\nplease note that {label} {value} is the right one.\n\nKind regards',
    'Is {label} {value} already registered with you?',
    '> {label} - {value}\n\nYes, that is what I sent you last week.',
  ]),
  de: named('de', [
    'Meine {label} lautet {value}.',
    'Guten Tag, {label}: {value} – bitte prüfen Sie das.',
    'Im Vertrag steht {label} {value}, das stimmt so nicht mehr.',
    'Bitte ändern Sie {label} auf {value}. Mit freundlichen Grüßen',
  ]),
  fr: named('fr', [
    'Bonjour, mon {label} est {value}.',
    '{label} : {value}, merci de vérifier.',
    'Veuillez noter mon {label} ({value}) dans le dossier.',
  ]),
  es: named('es', [
    'Hola, mi {label} es {value}.',
    '{label}: {value}, gracias por revisarlo.',
    'El cliente dio {label} {value} por teléfono.',
  ]),
  it: named('it', [
    'Buongiorno, {label}: {value}.',
    'Il mio {label} è {value}, grazie.',
    'Nel modulo ho scritto {label} {value} ma non va.',
  ]),
  pt: named('pt', ['Olá, meu {label} é {value}.', '{label}: {value}, por favor confirmem.']),
  nl: named('nl', ['Hallo, mijn {label} is {value}.', '{label}: {value}, graag controleren.']),
  pl: named('pl', ['Dzień dobry, {label}: {value}.', 'Podaję {label} {value} i proszę o kontakt.']),
  sv: named('sv', ['Hej, {label}: {value}.', 'Mitt {label} är {value}, tack.']),
  fi: named('fi', ['Hei, {label} on {value}.', '{label}: {value}, kiitos.']),
  tr: named('tr', ['Merhaba, {label}: {value}.', '{label} {value} olarak güncellensin lütfen.']),
  ru: named('ru', ['Здравствуйте, {label}: {value}.', 'Мой {label} {value}, проверьте пожалуйста.']),
  ko: named('ko', ['안녕하세요, {label}: {value} 입니다.', '제 {label}는 {value}입니다.']),
  ja: named('ja', ['こんにちは。{label}は{value}です。', '{label}：{value}、確認をお願いします。']),
  zh: named('zh', ['您好，我的{label}是{value}，请帮忙查询。', '{label}：{value}']),
  th: named('th', ['สวัสดีค่ะ {label} {value} ค่ะ', '{label}: {value}']),
  hi: named('hi', ['नमस्ते, मेरा {label} {value} है।', '{label}: {value}']),
};

/** With `{field}`, what a program calls the value. */
export const DOCUMENTS: readonly Frame[] = [
  { name: 'JSON', text: '{"ticket":81,"customer":{"{field}":"{value}","tier":"gold"}}' },
  { name: 'JSON in prose', text: 'The tool returned {"{field}": "{value}", "ok": true} and then stopped.' },
  { name: 'JSON list', text: '[{"{field}":"{value}","status":"open"},{"status":"closed"}]' },
  { name: 'CSV', text: 'id;{field};status\n17;{value};open\n' },
  { name: 'log', text: '2025-03-02T10:11:12Z INFO accounts.update {field}={value} status=200 took=18ms' },
  { name: 'log quoted', text: 'level=warn msg="validation failed" {field}="{value}" attempt=2' },
  { name: 'XML', text: '<customer><{field}>{value}</{field}><tier>gold</tier></customer>' },
  { name: 'YAML', text: 'customer:\n  {field}: "{value}"\n  tier: gold\n' },
  { name: 'HTML table', text: '<tr><th>{label}</th><td>{value}</td></tr>' },
  { name: 'Markdown table', text: '| field | value |\n|---|---|\n| {label} | {value} |\n| tier | gold |' },
  { name: 'SQL', text: "UPDATE customers SET {field} = '{value}' WHERE id = 17;" },
  { name: 'Python', text: 'user = User({field}="{value}", tier="gold")' },
  { name: 'form', text: 'Tier ........ gold\n{label} ........ {value}\nStatus ...... open' },
  { name: 'tab', text: '{label}\t{value}\ntier\tgold' },
];

/** Without a word: only for values that tell themselves. */
export const PLAIN: readonly Frame[] = named('plain', [
  'Here you go: {value}',
  '{value}',
  'I sent you {value} yesterday, did you get it?',
  'not sure, maybe it was {value}?',
  'see {value}, please.',
]);
