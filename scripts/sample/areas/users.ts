/** Users, employees and the keys that users store. Every secret here says that it is fake. */
import type { Builder, Fields } from '../draft.ts';
import { companyName, domain, firstName, lastName } from '../people.ts';

/** Shaped and sized like a bcrypt hash, and of no password. */
const fakeHash = (digits: string) => `$2a$12$fake.sample.hash.of.no.password.${digits}`;

const user: Builder = (draft) => {
  const { random, language, index } = draft;
  const first = firstName(random, language);
  const last = lastName(random, language);
  const signedInByProvider = random.chance(0.3);
  return {
    _id: draft.id,
    __v: 0,
    account_name: draft.some(0.15, () => companyName(random, language)),
    avatar: draft.some(0.6, () => `https://avatars.example/u/${random.digits(8)}?v=4`),
    email: `${random.pick(['user', 'kontakt', 'team', 'me'])}.${index}@${domain(random)}`,
    is_account_admin: index < 3,
    is_admin: index === 0 || random.chance(0.002),
    created_on: draft.created,
    lastLoginAt: draft.some(0.7, () => draft.updated),
    name: draft.some(0.95, () => `${first} ${last}`),
    password: signedInByProvider ? draft.nothing() : fakeHash(random.digits(18)),
    username: draft.some(0.4, () => `${first}.${last}`.toLowerCase()),
    userStatus: random.pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'PENDING', 'INACTIVE']),
    userLanguage: language,
    watching_boardsIDs: draft.links('watching_boardsIDs'),
    watching_accountsIDs: draft.links('watching_accountsIDs'),
  };
};

const employee: Builder = (draft) => {
  const { random, language, index } = draft;
  return {
    _id: draft.id,
    __v: 0,
    avatar: `https://avatars.example/e/${index}.png`,
    email: draft.some(0.8, () => `employee.${index}@${domain(random)}`),
    name: `${firstName(random, language)} ${lastName(random, language)}`,
    salary: random.between(28, 190) * 1000,
    status: random.pick(['active', 'on leave', 'left']),
  };
};

const openAiKey: Builder = ({ id, index, dataset, random }): Fields => ({
  _id: id,
  __v: 0,
  user: dataset.id('Users', index % dataset.count('Users')),
  organization_id: `org-fake-sample-${random.digits(8)}`,
  api_key: `sk-fake-sample-key-${random.digits(24)}`,
});

const notion: Builder = ({ id, index, dataset, random }): Fields => ({
  _id: id,
  __v: 0,
  user: dataset.id('Users', index % dataset.count('Users')),
  notion_api_key: `secret_fake-sample-${random.digits(20)}`,
  notion_db_id: random.digits(32),
});

export const users = { Users: user, Employees: employee, openAi_keys: openAiKey, secondBrain_notions: notion };
