// Providers whose endpoints hold a place for the tenant (`https://{shop}.example.com`): filled from the request, each value
// checked against its pattern, so that it can only name a tenant and never move the host.

import { invalidRequest } from '../values/service-error.ts';
import type { ProviderRecord } from './provider-record.ts';

/** Filled by the adapter, with the client's own id. */
const OWN_PLACES = new Set(['client_id']);

const PLACE = /\{(\w+)\}/g;

const MAX_LENGTH = 253;

const checkedValue = (record: ProviderRecord, name: string, value: string | undefined): string => {
  const { pattern, default: usual } = record.templateVariables?.[name] ?? {};
  if (pattern === undefined) throw invalidRequest(`#/variables/${name}`, 'the provider has no such variable');
  if (value === undefined && usual !== undefined) return usual;
  if (value === undefined) throw invalidRequest(`#/variables/${name}`, 'the provider needs this variable');
  if (value.length <= MAX_LENGTH && new RegExp(`^(?:${pattern})$`).test(value)) return value;
  throw invalidRequest(`#/variables/${name}`, 'not a value the provider can have');
};

/** The record with every endpoint filled. Throws `invalid_request` for a missing, unknown or ill-formed variable. */
export const fillTemplate = (record: ProviderRecord, variables: Readonly<Record<string, string>>): ProviderRecord => {
  const names = Object.keys(record.templateVariables ?? {});
  const values = new Map(names.map((name) => [name, checkedValue(record, name, variables[name])]));
  for (const name of Object.keys(variables)) if (!values.has(name)) checkedValue(record, name, variables[name]);
  const fill = (text: string) =>
    text.replace(PLACE, (place, name: string) => (OWN_PLACES.has(name) ? place : (values.get(name) ?? place)));
  return Object.fromEntries(
    Object.entries(record).map(([field, value]) => [
      field,
      typeof value === 'string' && (field.endsWith('Endpoint') || field === 'issuer') ? fill(value) : value,
    ]),
  ) as ProviderRecord;
};
