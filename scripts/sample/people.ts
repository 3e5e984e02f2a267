/** Invented people, companies and places: every domain ends in a reserved name, every telephone number has an impossible prefix. */
import type { Random } from './random.ts';
import type { Language } from './texts.ts';

interface Place {
  readonly city: string;
  readonly state: string;
  readonly street: string;
}

interface Country {
  readonly name: string;
  readonly code: string;
  readonly prefix: string;
  readonly first: readonly string[];
  readonly last: readonly string[];
  readonly places: readonly Place[];
  readonly companyForms: readonly string[];
  postalCode(random: Random): string;
}

const place = (city: string, state: string, street: string): Place => ({ city, state, street });

const countries: Readonly<Record<Language, Country>> = {
  cz: {
    name: 'Česká republika',
    code: 'CZ',
    prefix: '+420',
    first: ['Jiří', 'Jana', 'Petr', 'Tereza', 'Tomáš', 'Lucie', 'Ondřej', 'Kateřina', 'Václav', 'Šárka'],
    last: ['Novák', 'Svobodová', 'Dvořák', 'Černá', 'Procházka', 'Kučerová', 'Veselý', 'Němcová', 'Růžička', 'Šťastná'],
    places: [
      place('Praha', 'Hlavní město Praha', 'Vinohradská'),
      place('Brno', 'Jihomoravský kraj', 'Údolní'),
      place('Plzeň', 'Plzeňský kraj', 'Americká'),
      place('České Budějovice', 'Jihočeský kraj', 'Žižkova'),
    ],
    companyForms: ['s.r.o.', 'a.s.', 'spol. s r.o.', 'v.o.s.'],
    postalCode: (random) => `${random.between(100, 799)} ${random.digits(2)}`,
  },
  en: {
    name: 'United Kingdom',
    code: 'GB',
    prefix: '+44',
    first: ['James', 'Olivia', 'Harry', 'Amelia', 'George', 'Sophie', 'Oliver', 'Grace', 'Seán', 'Zoë'],
    last: ['Smith', "O'Connor", 'Taylor', 'Brown-Jones', 'Wilson', 'Evans', 'Walker', 'MacLeod', 'Clarke', 'Hughes'],
    places: [
      place('London', 'Greater London', 'High Street'),
      place('Manchester', 'Greater Manchester', 'Station Road'),
      place('Edinburgh', 'Scotland', "St. Andrew's Square"),
      place('Bristol', 'Avon', 'Queen Square'),
    ],
    companyForms: ['Ltd', 'plc', 'LLP', '& Sons Ltd.'],
    postalCode: (random) => `${random.pick(['N', 'M', 'EH', 'BS'])}${random.between(1, 20)} ${random.digits(1)}XX`,
  },
  de: {
    name: 'Deutschland',
    code: 'DE',
    prefix: '+49',
    first: ['Jürgen', 'Anneliese', 'Lukas', 'Käthe', 'Stefan', 'Sabine', 'Björn', 'Heike', 'Uwe', 'Miriam'],
    last: ['Müller', 'Schmidt', 'Weiß', 'Schäfer', 'Köhler', 'von der Heide', 'Groß', 'Fischer', 'Böhm', 'Krüger'],
    places: [
      place('Berlin', 'Berlin', 'Karl-Marx-Allee'),
      place('München', 'Bayern', 'Leopoldstraße'),
      place('Köln', 'Nordrhein-Westfalen', 'Hohe Straße'),
      place('Dresden', 'Sachsen', 'Prager Straße'),
    ],
    companyForms: ['GmbH', 'AG', 'GmbH & Co. KG', 'e.K.'],
    postalCode: (random) => `0${random.digits(4)}`,
  },
  uk: {
    name: 'Україна',
    code: 'UA',
    prefix: '+380',
    first: ['Олександр', 'Наталія', 'Андрій', 'Оксана', 'Дмитро', 'Ірина', 'Євген', 'Юлія', 'Сергій', 'Ганна'],
    last: ['Шевченко', 'Коваленко', 'Бондаренко', 'Ткачук', 'Кравець', 'Олійник', 'Лисенко', 'Мельник', 'Гнатюк', 'Їжакевич'],
    places: [
      place('Київ', 'Київ', 'вул. Хрещатик'),
      place('Львів', 'Львівська область', 'просп. Свободи'),
      place('Одеса', 'Одеська область', 'вул. Дерибасівська'),
      place('Харків', 'Харківська область', 'вул. Сумська'),
    ],
    companyForms: ['ТОВ', 'ПрАТ', 'ФОП', 'АТ'],
    postalCode: (random) => random.digits(5),
  },
};

const companyWords = [
  'Alfa',
  'Bohemia',
  'Delta',
  'Energo',
  'Fénix',
  'Grün',
  'Horizont',
  'Inter',
  'Kovo',
  'Lumen',
  'Meridian',
  'Nord',
  'Optima',
  'Pragma',
  'Stavba',
  'Trans',
  'Vltava',
  'Zenit',
];
const companyTrades = [
  'Agro',
  'Data',
  'Design',
  'Food',
  'Invest',
  'Logistik',
  'Machinery',
  'Media',
  'Print',
  'Service',
  'Solar',
  'Textil',
  'Trade',
  'Werke',
];
const positions = [
  'CEO',
  'CFO',
  'Head of Sales',
  'jednatel',
  'obchodní ředitelka',
  'Einkauf',
  'Geschäftsführer',
  'Buchhaltung',
  'директор',
  'бухгалтер',
  'IT manager',
  'Office Manager',
];

export interface Address extends Place {
  readonly postalCode: string;
  readonly country: string;
  readonly countryCode: string;
}

export function firstName(random: Random, language: Language): string {
  return random.pick(countries[language].first);
}

export function lastName(random: Random, language: Language): string {
  return random.pick(countries[language].last);
}

export function position(random: Random): string {
  return random.pick(positions);
}

export function address(random: Random, language: Language): Address {
  const country = countries[language];
  const { city, state, street } = random.pick(country.places);
  return {
    city,
    state,
    street: `${street} ${random.between(1, 240)}`,
    postalCode: country.postalCode(random),
    country: country.name,
    countryCode: country.code,
  };
}

export function companyName(random: Random, language: Language): string {
  const form = random.pick(countries[language].companyForms);
  const words = `${random.pick(companyWords)} ${random.pick(companyTrades)}`;
  return language === 'uk' ? `${form} «${words}»` : `${words} ${form}`;
}

export function phonePrefix(language: Language): string {
  return countries[language].prefix;
}

/** A local number that no network assigns. */
export function phoneNumber(random: Random): string {
  return `000 ${random.digits(3)} ${random.digits(3)}`;
}

export function phone(random: Random, language: Language): string {
  return `${phonePrefix(language)} ${phoneNumber(random)}`;
}

/** A domain that nobody can own (RFC 2606). */
export function domain(random: Random): string {
  return `${random.pick(companyWords)}-${random.pick(companyTrades)}.example`
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

export function email(random: Random): string {
  return `${random.pick(['info', 'office', 'obchod', 'sales', 'kontakt', 'billing'])}@${domain(random)}`;
}

export function website(random: Random): string {
  return `https://www.${domain(random)}${random.pick(['', '/', '/cs', '/de/index.html', '/?utm_source=crm'])}`;
}

/** The number of a company: eight digits as in the Czech register, with the country's code in front for VAT. */
export function companyNumber(random: Random): string {
  return random.digits(8);
}

export function vatNumber(random: Random, language: Language): string {
  return `${countries[language].code}${random.digits(language === 'cz' ? 8 : 9)}`;
}

/** Shaped like an IBAN; its check digits are 00, which no bank gives out. */
export function iban(random: Random, language: Language): string {
  return `${countries[language].code}00 ${random.digits(4)} ${random.digits(4)} ${random.digits(4)} ${random.digits(4)} ${random.digits(4)}`;
}
