/** Texts as people write them into a CRM, in the four languages of the app. */
import type { Random } from './random.ts';

export type Language = 'cz' | 'en' | 'de' | 'uk';

const sentences: Readonly<Record<Language, readonly string[]>> = {
  cz: [
    'Zákazník žádá o cenovou nabídku na {n} ks do konce měsíce.',
    'Schůzka proběhla v pořádku, příští týden pošleme návrh smlouvy.',
    'Přeposlat podklady účetní a počkat na vyjádření.',
    'Fakturu č. {n} je třeba opravit, chybí datum zdanitelného plnění.',
    'Dodací lhůta se prodlužuje o {d} dnů kvůli výpadku u dodavatele.',
    'Volal jednatel, chce slevu {d} % při ročním předplatném.',
    'Příliš žluťoučký kůň úpěl ďábelské ódy.',
    'Prověřit v rejstříku, zda společnost není v insolvenci.',
    'Kontaktní osoba je na dovolené, ozvat se znovu po {d}. dni v měsíci.',
    'Reklamace uznána, dobropis odejde dnes.',
  ],
  en: [
    'Customer asked for a quote for {n} units by the end of the month.',
    "The meeting went well; we'll send the draft contract next week.",
    'Forward the documents to accounting and wait for their answer.',
    'Invoice no. {n} has to be corrected: the tax date is missing.',
    'Delivery is {d} days late because of an outage at the supplier.',
    'The CEO called and would like a {d} % discount on a yearly plan.',
    'Decision maker left the company – find out who took over "Operations & IT".',
    'Follow up on the demo; they compare us with two competitors.',
    'Onboarding finished, {n} users imported from the old system.',
    'Complaint accepted, credit note goes out today.',
  ],
  de: [
    'Der Kunde bittet um ein Angebot über {n} Stück bis Monatsende.',
    'Das Gespräch verlief gut, wir schicken nächste Woche den Vertragsentwurf.',
    'Unterlagen an die Buchhaltung weiterleiten und Rückmeldung abwarten.',
    'Rechnung Nr. {n} muss korrigiert werden, das Steuerdatum fehlt.',
    'Die Lieferung verzögert sich um {d} Tage wegen eines Ausfalls beim Zulieferer.',
    'Geschäftsführer wünscht {d} % Rabatt bei jährlicher Zahlung.',
    'Bitte prüfen, ob die Straße in der Adresse „Große Gasse“ noch stimmt.',
    'Ansprechpartnerin im Urlaub, ab dem {d}. wieder melden.',
    'Schulung für {n} Mitarbeiter übernächste Woche bestätigt.',
    'Reklamation anerkannt, Gutschrift geht heute raus.',
  ],
  uk: [
    'Клієнт просить комерційну пропозицію на {n} шт. до кінця місяця.',
    'Зустріч пройшла добре, наступного тижня надішлемо проєкт договору.',
    'Передати документи бухгалтерії та дочекатися відповіді.',
    'Рахунок № {n} треба виправити: немає дати податкового зобов’язання.',
    'Поставка затримується на {d} днів через збій у постачальника.',
    'Директор хоче знижку {d} % за річної оплати.',
    'Перевірити, чи є підприємство в реєстрі платників ПДВ.',
    'Контактна особа у відпустці, зателефонувати після {d} числа.',
    'Ґанок, їжак, єнот – перевірка літер у друкованому бланку.',
    'Рекламацію прийнято, кредит-нота буде сьогодні.',
  ],
};

const titles: Readonly<Record<Language, readonly string[]>> = {
  cz: [
    'Zavolat zpět',
    'Poslat nabídku',
    'Připravit smlouvu',
    'Zkontrolovat fakturu',
    'Obnova licence',
    'Školení uživatelů',
    'Úhrada po splatnosti',
  ],
  en: [
    'Call back',
    'Send the offer',
    'Prepare the contract',
    'Check the invoice',
    'Renew the licence',
    'User training',
    'Overdue payment',
  ],
  de: [
    'Rückruf',
    'Angebot senden',
    'Vertrag vorbereiten',
    'Rechnung prüfen',
    'Lizenz verlängern',
    'Benutzerschulung',
    'Überfällige Zahlung',
  ],
  uk: [
    'Зателефонувати',
    'Надіслати пропозицію',
    'Підготувати договір',
    'Перевірити рахунок',
    'Продовжити ліцензію',
    'Навчання користувачів',
    'Прострочена оплата',
  ],
};

const tags = [
  'vip',
  'newsletter',
  'důležité',
  'export',
  'Großkunde',
  'терміново',
  'follow-up',
  '2024',
  'partner program',
  'GDPR',
];

export function languageOf(random: Random): Language {
  const roll = random.below(100);
  if (roll < 45) return 'cz';
  if (roll < 72) return 'en';
  return roll < 90 ? 'de' : 'uk';
}

export function title(random: Random, language: Language): string {
  return random.pick(titles[language]);
}

export function sentence(random: Random, language: Language): string {
  const text = random.pick(sentences[language]);
  if (text.includes('{n}')) return text.replace('{n}', String(random.between(2, 4000)));
  return text.replace('{d}', String(random.between(2, 28)));
}

/** One paragraph of `from` to `to` sentences. */
export function paragraph(random: Random, language: Language, from: number, to: number): string {
  let text = sentence(random, language);
  for (let more = random.between(from, to) - 1; more > 0; more--) text += ` ${sentence(random, language)}`;
  return text;
}

/** What an editor leaves behind: plain lines, Windows lines, a bulleted list, or HTML with entities. */
export function note(random: Random, language: Language): string {
  const [first, second, third] = [sentence(random, language), sentence(random, language), sentence(random, language)];
  switch (random.below(5)) {
    case 0:
      return `<p>${first}</p><ul><li>${second}</li><li><strong>${third}</strong></li></ul><p>&nbsp;</p>`;
    case 1:
      return `${first}\n\n- ${second}\n- ${third}\n`;
    case 2:
      return `${first}\r\n${second}\r\n\t${third}`;
    case 3:
      return `<div class="ql-editor"><p>${first}<br>${second}</p><p>${third} &amp; 👍</p></div>`;
    default:
      return `  ${first} ${second}`;
  }
}

/** Up to `most` different tags. */
export function someTags(random: Random, most: number): string[] {
  const chosen = new Set<string>();
  for (let wanted = random.below(most + 1); wanted > 0; wanted--) chosen.add(random.pick(tags));
  return [...chosen];
}
