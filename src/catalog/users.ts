import { enums } from './enums.ts';
import type { CollectionSpec } from './spec.ts';

export const users = {
  collection: 'Users',
  columns: {
    __v: { kind: 'integer', required: true, whenMissing: { value: 0 } },
    account_name: { kind: 'text' },
    avatar: { kind: 'text' },
    email: { kind: 'text', required: true, unique: true },
    is_account_admin: { kind: 'boolean', required: true, whenMissing: { value: false } },
    is_admin: { kind: 'boolean', required: true, whenMissing: { value: false }, isRight: true },
    created_on: { kind: 'timestamp', role: 'created', required: true, whenMissing: 'creation time' },
    lastLoginAt: { kind: 'timestamp' },
    name: { kind: 'text' },
    password: { kind: 'text' },
    username: { kind: 'text' },
    userStatus: { kind: 'enum', labels: enums.ActiveStatus, required: true, whenMissing: { value: 'PENDING' } },
    userLanguage: { kind: 'enum', labels: enums.Language, required: true, whenMissing: { value: 'en' } },
  },
  links: {
    watching_accountsIDs: { junction: 'AccountWatchers', side: 'right', partner: 'crm_Accounts' },
    watching_boardsIDs: { junction: 'BoardWatchers', side: 'right', partner: 'Boards' },
  },
} as const satisfies CollectionSpec;
