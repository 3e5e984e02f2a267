/** What the app keeps about itself, and one collection that a site added on its own. */
import type { Builder } from '../draft.ts';
import { sentence } from '../texts.ts';

const models = ['gpt-3.5-turbo', 'gpt-4', 'gpt-4-turbo', 'gpt-4o'];
const modules = ['crm', 'projects', 'emails', 'invoice', 'employees', 'reports', 'documents', 'databox'];
const services = ['smtp', 'imap', 's3', 'rossum'];

const gptModel: Builder = (draft) => ({
  _id: draft.id,
  __v: 0,
  model: models[draft.index % models.length],
  description: draft.index === 0 ? null : sentence(draft.random, draft.language),
  status: draft.index < 2 ? 'INACTIVE' : 'ACTIVE',
  created_on: draft.index === 1 ? undefined : draft.created,
});

const modulStatus: Builder = ({ id, index }) => ({ _id: id, name: modules[index % modules.length], isVisible: index % 3 !== 2 });

/** Every field in the first document; the later ones show that a service needs few of them. */
const systemService: Builder = ({ id, index, random, language }) => ({
  _id: id,
  __v: 0,
  name: services[index % services.length],
  serviceUrl: `https://${services[index % services.length]}.example`,
  serviceId: index === 0 ? 'fake-sample-id' : null,
  serviceKey: index === 0 ? `fake-sample-key-${random.digits(16)}` : undefined,
  servicePassword: index < 2 ? 'fake-sample-password' : null,
  servicePort: index < 2 ? '993' : undefined,
  description: index === 0 ? sentence(random, language) : null,
});

const moduleEnabled: Builder = ({ id, index }) => ({
  _id: id,
  __v: 0,
  name: modules[index % modules.length],
  enabled: index !== 3,
  position: index + 1,
});

/** Unknown to the catalog: kept whole, one leftover a document. */
const feedback: Builder = (draft) => ({
  _id: draft.id,
  user: draft.staff(),
  rating: draft.random.between(1, 5),
  text: sentence(draft.random, draft.language),
  meta: { page: '/crm/accounts', seconds: draft.random.below(900) / 10, answeredAt: null },
});

export const system = {
  gpt_models: gptModel,
  modulStatus,
  systemServices: systemService,
  system_Modules_Enabled: moduleEnabled,
  Feedback: feedback,
};
