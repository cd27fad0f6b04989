/** Kinds that are no country's own. */
import { pick, type Random } from '../../reading/random.ts';
import { card, iban } from './accounts.ts';
import { email, phone } from './contact.ts';
import { between, birthday, LETTERS, shaped, some } from './digits.ts';
import type { MadeKind } from './kind.ts';
import { issued, password } from './secrets.ts';
import { wallet } from './wallets.ts';

const PUBLIC_FIRST = [8, 23, 52, 81, 91, 134, 151, 185, 203, 212];
const ip = (random: Random): string =>
  random() < 0.75
    ? [
        pick(PUBLIC_FIRST, random),
        between(random, 0, 255),
        between(random, 0, 255),
        between(random, 1, 254),
      ].join('.')
    : pick(
        [
          `2001:db8:${some(random, 4, '123456789abcdef')}::${some(random, 4, '123456789abcdef')}`,
          Array.from({ length: 8 }, () => some(random, 4, '123456789abcdef')).join(':'),
          `fe80::${some(random, 4, '123456789abcdef')}:${some(random, 3, '123456789abcdef')}`,
        ],
        random,
      );

const mac = (random: Random): string => {
  const pairs = Array.from({ length: 6 }, () => some(random, 2, '0123456789abcdef'));
  const text =
    random() < 0.8 ? pairs.join(pick([':', '-'], random)) : (pairs.join('').match(/.{4}/g) ?? []).join('.');
  return random() < 0.5 ? text.toUpperCase() : text;
};

const MONTHS = ['January', 'March', 'May', 'July', 'October', 'December'];
const date = (random: Random): string => {
  const { yyyy, yy, mm, dd } = birthday(random);
  const month = pick(MONTHS, random);
  return pick(
    [
      `${yyyy}-${mm}-${dd}`,
      `${dd}.${mm}.${yyyy}`,
      `${mm}/${dd}/${yyyy}`,
      `${Number(dd)} ${month} ${yyyy}`,
      `${month} ${Number(dd)}, ${yyyy}`,
      `${dd}/${mm}/${yyyy}`,
      `${dd}-${month.slice(0, 3)}-${yyyy}`,
      `${mm}/${dd}/${yy}`,
    ],
    random,
  );
};

const url = (random: Random): string =>
  pick(
    [
      `https://${pick(['jane', 'amit', 'olga', 'wei'], random)}:${some(random, 8, LETTERS.toLowerCase())}${some(random, 2)}@files.example.org/private`,
      `ftp://${pick(['doe', 'sharma', 'petrova', 'zhang'], random)}:${some(random, 10, LETTERS.toLowerCase())}@10.1.2.${between(random, 2, 250)}/home`,
    ],
    random,
  );

export const EVERYWHERE: readonly MadeKind[] = [
  {
    kind: 'EMAIL_ADDRESS',
    words: {
      en: ['e-mail', 'email address', 'mail', 'contact'],
      de: ['E-Mail', 'E-Mail-Adresse'],
      fr: ['adresse e-mail', 'courriel'],
      es: ['correo electrónico', 'correo'],
      ja: ['メールアドレス'],
      ru: ['эл. почта'],
      zh: ['邮箱'],
    },
    fields: ['email', 'contact_email', 'eMail'],
    isPlain: true,
    value: email,
  },
  {
    kind: 'PHONE_NUMBER',
    words: {
      en: ['phone', 'phone number', 'mobile', 'cell', 'tel.'],
      de: ['Telefon', 'Handy', 'Tel.'],
      fr: ['téléphone', 'portable', 'tél.'],
      es: ['teléfono', 'móvil'],
      it: ['telefono', 'cellulare'],
      pt: ['telefone', 'celular'],
      nl: ['telefoonnummer', 'mobiel'],
      pl: ['telefon', 'nr tel.'],
      ru: ['телефон'],
      zh: ['电话', '手机'],
      ja: ['電話番号'],
      ko: ['전화번호'],
    },
    fields: ['phone', 'phone_number', 'mobile'],
    value: phone,
  },
  {
    kind: 'CREDIT_CARD',
    words: {
      en: ['card number', 'credit card', 'Visa card', 'card', 'cc number'],
      de: ['Kreditkarte', 'Kartennummer'],
      fr: ['carte bancaire', 'numéro de carte'],
      es: ['tarjeta', 'tarjeta de crédito'],
      it: ['carta di credito'],
      pt: ['cartão de crédito'],
      zh: ['信用卡号'],
      ja: ['クレジットカード番号'],
    },
    fields: ['card_number', 'credit_card', 'pan'],
    isPlain: true,
    value: card,
  },
  {
    kind: 'IBAN_CODE',
    words: {
      en: ['IBAN', 'my IBAN', 'account (IBAN)'],
      de: ['IBAN', 'Kontoverbindung'],
      fr: ['IBAN', 'RIB / IBAN'],
      es: ['IBAN', 'cuenta'],
      it: ['IBAN'],
      nl: ['IBAN', 'rekeningnummer'],
      pl: ['IBAN', 'numer konta'],
    },
    fields: ['iban', 'account_iban'],
    isPlain: true,
    value: iban,
  },
  {
    kind: 'CRYPTO',
    words: {
      en: ['wallet', 'wallet address', 'BTC address', 'crypto address', 'send it to'],
      de: ['Wallet-Adresse', 'Wallet'],
      fr: ['adresse du portefeuille'],
      es: ['dirección de la billetera', 'wallet'],
      zh: ['钱包地址'],
    },
    fields: ['wallet', 'wallet_address', 'payout_address'],
    isPlain: true,
    value: wallet,
  },
  {
    kind: 'IP_ADDRESS',
    words: {
      en: ['IP', 'IP address', 'client IP', 'login from'],
      de: ['IP-Adresse', 'IP'],
      fr: ['adresse IP'],
      es: ['dirección IP'],
    },
    fields: ['ip', 'client_ip', 'remote_addr'],
    isPlain: true,
    value: ip,
  },
  {
    kind: 'MAC_ADDRESS',
    words: { en: ['MAC address', 'MAC', 'device MAC'], de: ['MAC-Adresse'], fr: ['adresse MAC'] },
    fields: ['mac', 'mac_address', 'deviceMac'],
    isPlain: true,
    value: mac,
  },
  {
    kind: 'URL',
    words: { en: ['link', 'URL', 'repository'], de: ['Link'], fr: ['lien'], es: ['enlace'] },
    fields: ['url', 'link', 'endpoint'],
    isPlain: true,
    value: url,
  },
  {
    kind: 'DATE_OF_BIRTH',
    words: {
      en: ['date of birth', 'DOB', 'birth date', 'born on', 'birthday'],
      de: ['Geburtsdatum', 'geboren am', 'geb.'],
      fr: ['date de naissance', 'né le', 'née le'],
      es: ['fecha de nacimiento', 'nacido el'],
      it: ['data di nascita', 'nato il'],
      pt: ['data de nascimento', 'nascido em'],
      nl: ['geboortedatum', 'geboren op'],
      pl: ['data urodzenia', 'ur.'],
      sv: ['födelsedatum', 'född'],
      tr: ['doğum tarihi'],
      ru: ['дата рождения'],
      zh: ['出生日期'],
      ja: ['生年月日'],
      ko: ['생년월일'],
    },
    fields: ['date_of_birth', 'dob', 'birthDate'],
    value: date,
  },
  {
    kind: 'MEDICAL_RECORD_NUMBER',
    words: {
      en: ['MRN', 'medical record number', 'patient ID', 'chart number', 'hospital number'],
      de: ['Patientennummer', 'Fallnummer'],
      fr: ['numéro de patient', 'dossier médical'],
      es: ['historia clínica', 'número de paciente'],
    },
    fields: ['mrn', 'medical_record_number', 'patient_id'],
    value: (random) =>
      shaped(random, pick(['+######', '+#######', 'MRN-+#####', 'P-+######'], random)).replace(
        /^MRN-/,
        random() < 0.5 ? 'H' : 'H-',
      ),
  },
  {
    kind: 'PASSPORT',
    words: {
      en: ['passport', 'passport number', 'passport no.'],
      fr: ['passeport', 'numéro de passeport'],
      pt: ['passaporte', 'número do passaporte'],
      nl: ['paspoort', 'paspoortnummer'],
      pl: ['paszport', 'numer paszportu'],
      sv: ['pass', 'passnummer'],
      ru: ['паспорт'],
      zh: ['护照', '护照号码'],
      ja: ['パスポート', '旅券番号'],
      tr: ['pasaport no'],
    },
    fields: ['passport', 'passport_number', 'passportNo'],
    value: (random) =>
      shaped(random, pick(['##AA#####', 'A########', 'AA#######', '+########', 'AAA######'], random)),
  },
  {
    kind: 'SECRET',
    words: {
      en: ['API key', 'secret', 'access token', 'token', 'my key'],
      de: ['API-Schlüssel', 'Zugangstoken'],
      fr: ['clé API', "jeton d'accès"],
      es: ['clave de API', 'token'],
    },
    fields: ['api_key', 'token', 'secret'],
    isPlain: true,
    value: issued,
  },
  {
    kind: 'SECRET',
    words: {
      en: ['password', 'my password', 'pwd', 'passphrase'],
      de: ['Passwort', 'Kennwort'],
      fr: ['mot de passe', 'mdp'],
      es: ['contraseña', 'clave'],
      it: ['password'],
      pt: ['senha'],
      nl: ['wachtwoord'],
      pl: ['hasło'],
      sv: ['lösenord'],
      tr: ['şifre'],
      ru: ['пароль'],
      zh: ['密码'],
      ja: ['パスワード'],
      ko: ['비밀번호'],
    },
    fields: ['password', 'db_password', 'passwd'],
    value: password,
  },
];
