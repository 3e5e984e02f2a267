/**
 * A comment's `task` that names an account task: the old app kept both kinds of tasks in one field.
 * It moves to `assigned_crm_account_task`, unless that field already names another existing one: then only the record says so.
 */
import type { Session } from '../../target/session.ts';
import { recorded } from './record.ts';

export async function redirectTaskComments(session: Session): Promise<void> {
  // A dangling value must make room first, with its own record.
  await session.script(`
    with hit as (
      update public."tasksComments" t set assigned_crm_account_task = null
      from (select c.id, c.assigned_crm_account_task as value from public."tasksComments" c
            where c.assigned_crm_account_task is not null
              and not exists (select from public."crm_Accounts_Tasks" a where a.id = c.assigned_crm_account_task)) d
      where t.id = d.id returning t.id, d.value),
    ${recorded('tasksComments', 'assigned_crm_account_task', 'DANGLING_REFERENCE')}`);
  await session.script(`
    with hit as (
      update public."tasksComments" t
      set task = null, assigned_crm_account_task = coalesce(t.assigned_crm_account_task, d.value)
      from (select c.id, c.task as value from public."tasksComments" c
            where not exists (select from public."Tasks" k where k.id = c.task)
              and exists (select from public."crm_Accounts_Tasks" a where a.id = c.task)) d
      where t.id = d.id returning t.id, d.value),
    ${recorded('tasksComments', 'task', 'TASK_REDIRECTED')}`);
}
