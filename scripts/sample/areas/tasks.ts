/** Boards with sections and tasks, the tasks of accounts, comments, and the old to-do list. */
import type { Builder } from '../draft.ts';
import { note, paragraph, sentence, someTags, title } from '../texts.ts';

const icons = ['🚀', '📋', '🧾', 'IconHome'];
const sectionTitles = ['Backlog', 'Rozpracované', 'In Arbeit', 'Готово', 'Done'];
const priorities = ['low', 'medium', 'high', 'urgent'];

const board: Builder = (draft) => {
  const { random, language, index } = draft;
  return {
    _id: draft.id,
    __v: 0,
    description: sentence(random, language),
    favourite: draft.some(0.7, () => random.chance(0.3)),
    favouritePosition: draft.some(0.4, () => index),
    icon: draft.some(0.6, () => random.pick(icons)),
    position: draft.some(0.8, () => index),
    title: `${title(random, language)} ${index + 1}`,
    user: draft.dataset.id('Users', random.below(Math.min(60, draft.dataset.count('Users')))),
    visibility: draft.some(0.8, () => random.pick(['public', 'private'])),
    sharedWith: Array.from({ length: random.below(4) }, () => draft.staff() ?? draft.id),
    createdAt: draft.some(0.9, () => draft.created),
    createdBy: draft.staff(0.8),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.6),
    watchers: draft.links('watchers'),
  };
};

const section: Builder = (draft) => {
  const boards = draft.dataset.count('Boards');
  return {
    _id: draft.id,
    __v: 0,
    board: draft.dataset.id('Boards', draft.index % boards),
    title: draft.random.pick(sectionTitles),
    position: draft.some(0.9, () => Math.floor(draft.index / boards)),
  };
};

const task: Builder = (draft) => {
  const { random, language } = draft;
  return {
    _id: draft.id,
    __v: 0,
    content: draft.some(0.8, () => note(random, language)),
    createdAt: draft.some(0.95, () => draft.created),
    createdBy: draft.staff(0.8),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.6),
    dueDateAt: draft.some(0.9, () => draft.within(60)),
    lastEditedAt: draft.some(0.6, () => draft.updated),
    position: random.below(40),
    priority: random.pick(priorities),
    section: draft.ref('Sections', 0.97),
    tags: draft.some(0.5, () => someTags(random, 3).map((label) => ({ label, since: draft.created }))),
    title: title(random, language),
    likes: draft.some(0.7, () => random.below(5)),
    user: draft.staff(0.95),
    documentIDs: draft.links('documentIDs'),
    taskStatus: draft.some(0.9, () => random.pick(['ACTIVE', 'PENDING', 'COMPLETE'])),
  };
};

const accountTask: Builder = (draft) => {
  const { random, language } = draft;
  return {
    _id: draft.id,
    __v: 0,
    content: draft.some(0.9, () => paragraph(random, language, 1, 4)),
    createdAt: draft.some(0.95, () => draft.created),
    createdBy: draft.staff(0.8),
    updatedAt: draft.some(0.9, () => draft.updated),
    updatedBy: draft.staff(0.6),
    dueDateAt: draft.some(0.9, () => draft.within(60)),
    priority: random.pick(priorities),
    tags: draft.some(0.3, () => someTags(random, 3)),
    title: title(random, language),
    likes: draft.some(0.7, () => random.below(3)),
    user: draft.staff(0.95),
    account: draft.ref('crm_Accounts', 0.97),
    taskStatus: draft.some(0.9, () => random.pick(['ACTIVE', 'PENDING', 'COMPLETE'])),
  };
};

const comment: Builder = (draft) => {
  const { random, language, dataset } = draft;
  return {
    _id: draft.id,
    __v: 0,
    comment: random.chance(0.2) ? note(random, language) : sentence(random, language),
    createdAt: draft.created,
    task: dataset.id('Tasks', random.below(dataset.count('Tasks'))),
    user: dataset.id('Users', random.below(Math.min(60, dataset.count('Users')))),
    assigned_crm_account_task: draft.mongoose ? undefined : draft.ref('crm_Accounts_Tasks', 0.15),
  };
};

const todo: Builder = (draft) => ({
  _id: draft.id,
  createdAt: draft.created.toISOString(),
  description: sentence(draft.random, draft.language),
  title: title(draft.random, draft.language),
  url: `https://crm.example/todo/${draft.index}`,
  user: String(draft.staff()),
});

export const tasks = {
  Boards: board,
  Sections: section,
  Tasks: task,
  crm_Accounts_Tasks: accountTask,
  tasksComments: comment,
  TodoList: todo,
};
