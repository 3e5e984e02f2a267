/** Tables that a release drops, or leaves behind unused. */
import { archived, hasTable, isArchived } from '../sql.ts';
import type { Subject, Told } from '../subject.ts';

const dropped: readonly (readonly [table: string, what: string])[] = [
  ['openAi_keys', 'API keys for OpenAI'],
  ['gpt_models', 'GPT models'],
  ['modulStatus', 'States of modules'],
  ['system_Modules_Enabled', 'Enabled modules'],
];

/** Left behind, and no longer used. */
const unused: readonly (readonly [table: string, what: string])[] = [['secondBrain_notions', 'Connections to Notion']];

const withSecrets = ['openAi_keys', 'secondBrain_notions'];

const secretsOf = (table: string) => (withSecrets.includes(table) ? { hasSecrets: true as const } : {});

const kept = ([table, what]: readonly [string, string]): Told => ({
  what,
  where: 'no place in NextCRM',
  home: false,
  count: `select count(*) as n from ${archived(table)}`,
  query: `select * from ${archived(table)};`,
  when: isArchived(table),
  ...(withSecrets.includes(table) ? { secrets: true } : {}),
});

export const droppedTables: Subject = {
  name: 'dropped-tables',
  places: dropped.map(([table]) => ({ table, columns: 'all' })),
  archives: [
    ...dropped.map(([table]) => ({ table, key: ['id'], columns: 'all' as const, ...secretsOf(table) })),
    ...unused.map(([table]) => ({
      table,
      key: ['id'],
      columns: 'all' as const,
      isLeftBehind: true as const,
      ...secretsOf(table),
    })),
  ],
  applied: dropped.map(([table]) => `not ${hasTable(table)}`).join(' and '),
  reported: [...dropped, ...unused].map(kept),
  advice: [
    {
      section: 'look at',
      text: 'API keys for OpenAI: {n}. Enter them again in NextCRM (profile, or Administration, API keys): it encrypts them with EMAIL_ENCRYPTION_KEY, which must stay the same from then on. The copies are in clear text; remove them with: drop table nextcrm_archive."openAi_keys";',
      count: `select count(*) as n from ${archived('openAi_keys')}`,
      when: isArchived('openAi_keys'),
    },
  ],
};
