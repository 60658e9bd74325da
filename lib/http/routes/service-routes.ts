// Routes that concern no credential: whether the service answers, and which providers there are.
import { Health, ProviderList } from '../schemas/service.ts';
import { route } from './route.ts';

export const serviceRoutes = {
  getHealth: route({
    method: 'GET',
    path: '/v1/health',
    plane: 'public',
    function: 'user-api',
    tag: 'Health',
    summary: 'Check that the service answers',
    description: 'Touches neither the table nor a key: it says that the function runs.',
    capabilities: [],
    answers: { 200: Health },
  }),
  listProviders: route({
    method: 'GET',
    path: '/v1/providers',
    plane: 'user',
    function: 'user-api',
    tag: 'Providers',
    summary: 'List providers',
    description: 'All providers a user can store a key for or connect to, in order of their names.',
    capabilities: ['read_configuration'],
    answers: { 200: ProviderList },
  }),
} as const;
