import type { Naming } from '../target/naming.ts';

export const naming: Naming = { application: 'NextCRM', recordTable: '_prisma_migrations', functionPrefix: 'nextcrm_' };
