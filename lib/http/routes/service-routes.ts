// Routes that concern no credential: whether the service answers, and which providers there are.
import { Health, ProviderList } from '../schemas/service.ts';
import { route } from './route.ts';

/** Health, and the list of providers. */
export const serviceRoutes = {
  getHealth: route({
    method: 'GET',
    path: '/v1/health',
    plane: 'public',
    function: 'health',
    capabilities: [],
    answers: { 200: Health },
  }),
  listProviders: route({
    method: 'GET',
    path: '/v1/providers',
    plane: 'user',
    function: 'user-api',
    capabilities: ['read_configuration'],
    answers: { 200: ProviderList },
  }),
} as const;
