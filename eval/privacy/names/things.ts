/** Places, addresses, organisations and user names for the messages. Made up, or places that everybody knows. */
import { pick, type Random } from '../../reading/random.ts';
import { between, some } from '../values/digits.ts';

const COMPANIES = [
  'Northwind Freight',
  'Halden & Moore',
  'Kestrel Analytics Ltd',
  'Brightwater Dental',
  'Muster Maschinenbau GmbH',
  'Lumière Assurances SA',
  'Banco del Sur',
  'Oakridge Elementary School',
  'Sundaram Textiles Pvt Ltd',
  'Nakamori Electronics',
  'Zhonghai Logistics',
  'St. Brigid Hospital',
  'Tamarind Foods Inc.',
  'Fjordkraft Bygg AS',
  'Grupo Altamira',
  'Pinecrest Credit Union',
  'Adeola Ventures',
  'Volta Energia S.p.A.',
  'Harborview Medical Center',
  'Quantic Robotics',
  'Baker McAllister LLP',
  'Delfin Shipping',
  'University of Westhaven',
  'Ministry of Transport',
  'Greenleaf Housing Association',
];
const CITIES = [
  'Leeds',
  'Rotterdam',
  'Nairobi',
  'Osaka',
  'Guadalajara',
  'Tampere',
  'Kraków',
  'Lagos',
  'Pune',
  'Izmir',
  'Porto',
  'Winnipeg',
  'Chengdu',
  'Busan',
  'Alexandria',
  'Tampa',
  'Graz',
  'Lyon',
  'Bologna',
  'Cebu',
  'Hanoi',
  'Recife',
  'Cork',
  'Haifa',
  'Bergen',
  'San Antonio',
  'Bad Homburg',
  'Cape Town',
  'Santa Fe',
  'New Plymouth',
];
const COUNTRIES = [
  'Portugal',
  'Kenya',
  'Vietnam',
  'Canada',
  'Ghana',
  'Poland',
  'Chile',
  'the Netherlands',
  'South Korea',
  'Morocco',
];
const STREETS = [
  'Maple',
  'Thornbury',
  'Station',
  'Jefferson',
  'Old Mill',
  'Cedar Ridge',
  'Lakeview',
  'St. Mary’s',
  'Wharf',
  'Elgin',
];

export const company = (random: Random): string => pick(COMPANIES, random);
export const city = (random: Random): string => pick(CITIES, random);
export const country = (random: Random): string => pick(COUNTRIES, random);

const ADDRESSES: readonly ((r: Random) => string)[] = [
  (r) =>
    `${between(r, 2, 9_800)} ${pick(STREETS, r)} ${pick(['Street', 'Ave', 'Road', 'Lane', 'Drive', 'Blvd'], r)}, ${city(r)}`,
  (r) =>
    `${between(r, 2, 980)} ${pick(STREETS, r)} ${pick(['St', 'Avenue', 'Rd', 'Court'], r)}, Apt ${between(r, 1, 30)}${pick(['A', 'B', ''], r)}, ${pick(['Columbus, OH', 'Tucson, AZ', 'Albany, NY', 'Macon, GA'], r)} ${some(r, 1, '123456789')}${some(r, 4)}`,
  (r) =>
    `Flat ${between(r, 1, 40)}, ${between(r, 2, 180)} ${pick(STREETS, r)} ${pick(['Road', 'Terrace', 'Gardens'], r)}, ${pick(['Leeds LS6 2AB', 'Bristol BS8 1TH', 'London N16 7UY', 'Cardiff CF10 3AT'], r)}`,
  (r) =>
    `${pick(['Lindenstraße', 'Bahnhofstr.', 'Am Kirchberg', 'Goethestraße', 'Hinter der Mühle'], r)} ${between(r, 1, 180)}${pick(['', 'a', ''], r)}, ${pick(['04229 Leipzig', '50667 Köln', '72070 Tübingen'], r)}`,
  (r) =>
    `${between(r, 1, 190)} ${pick(['rue des Lilas', 'avenue de la République', 'boulevard Voltaire', 'impasse du Moulin'], r)}, ${pick(['69003 Lyon', '75011 Paris', '44000 Nantes'], r)}`,
  (r) =>
    `${pick(['Calle de Alcalá', 'C/ Mayor', 'Avenida del Puerto', 'Paseo de Gracia'], r)} ${between(r, 1, 210)}, ${between(r, 1, 8)}º ${pick(['izq', 'B', 'dcha'], r)}, ${pick(['28009 Madrid', '46023 Valencia'], r)}`,
  (r) =>
    `${pick(['Via Garibaldi', 'Corso Italia', 'Piazza Dante'], r)} ${between(r, 1, 90)}, ${pick(['40121 Bologna', '20122 Milano'], r)}`,
  (r) =>
    `${pick(['Keizersgracht', 'Oudegracht', 'Molenweg'], r)} ${between(r, 1, 400)}-${pick(['II', 'hs'], r)}, ${pick(['1016 EK Amsterdam', '3511 AL Utrecht'], r)}`,
  (r) =>
    `ul. ${pick(['Kwiatowa', 'Długa', 'Marszałkowska'], r)} ${between(r, 1, 90)}/${between(r, 1, 60)}, ${pick(['31-042 Kraków', '00-590 Warszawa'], r)}`,
  (r) =>
    `${between(r, 1, 12)}-${between(r, 1, 30)}-${between(r, 1, 20)} ${pick(['Nishi-Shinjuku, Shinjuku-ku', 'Umeda, Kita-ku'], r)}, ${pick(['Tokyo 160-0023', 'Osaka 530-0001'], r)}`,
  (r) =>
    `House No. ${between(r, 1, 400)}, ${pick(['MG Road', '4th Cross, Indiranagar', 'Sector 22'], r)}, ${pick(['Bengaluru 560038', 'Chandigarh 160022'], r)}`,
  (r) => `PO Box ${between(r, 100, 9_900)}, ${city(r)}`,
  (r) =>
    `Rua ${pick(['das Flores', 'Augusta', 'do Comércio'], r)}, ${between(r, 10, 900)}, ${pick(['São Paulo - SP, 01305-000', 'Porto 4050-262'], r)}`,
];
export const address = (random: Random): string => pick(ADDRESSES, random)(random);

const HANDLES = [
  'sunnyside',
  'mx_rider',
  'coffeebean',
  'darkwolf',
  'luna.star',
  'pixelpusher',
  'j0hnny',
  'the_real_ana',
  'kwame.codes',
  'nightowl',
];
export const username = (random: Random): string =>
  pick(
    [
      (r: Random) => pick(HANDLES, r) + between(r, 1, 999),
      (r: Random) => `${pick(HANDLES, r)}_${some(r, 2)}`,
    ],
    random,
  )(random);

export const belonging = (random: Random): string =>
  pick(
    [
      'Brazilian',
      'Muslim',
      'Jewish',
      'Catholic',
      'Nigerian',
      'Turkish',
      'Ukrainian',
      'Buddhist',
      'Pakistani',
      'Roma',
      'Sikh',
      'Socialist',
    ],
    random,
  );
