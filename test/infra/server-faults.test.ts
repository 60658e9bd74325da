// The alarm on 5xx answers counts faults of the service only: any user can cause a 501 and a 502.
import { describe, expect, it } from 'vitest';
import { findResources, onlyResource, synthesize } from './support/synthesize.ts';

const template = synthesize();
const filter = onlyResource(template, 'AWS::Logs::MetricFilter').Properties;

/** The pattern as JavaScript: `*` matches any text at the end of a value. */
const matches = (line: { status: string; gatewayError: string }): boolean => {
  const pattern = String(filter.FilterPattern).replace(/^\{|\}$/g, '');
  const source = pattern.replace(/\$\.(\w+) (!?=) "([^"]*)"/g, (_, name: 'status', operator, value) => {
    const wanted = value.endsWith('*') ? line[name].startsWith(value.slice(0, -1)) : line[name] === value;
    return String(operator === '=' ? wanted : !wanted);
  });
  return new Function(`return ${source}`)();
};

describe('the alarm on server faults', () => {
  it.each([
    ['500', '-', true],
    ['503', '-', true],
    ['503', 'INTEGRATION_TIMEOUT', true],
    ['502', 'INTEGRATION_FAILURE', true],
    ['502', '-', false],
    ['501', '-', false],
    ['429', '-', false],
    ['200', '-', false],
  ])('counts a %s with gateway error %s: %s', (status, gatewayError, expected) => {
    expect(matches({ status, gatewayError })).toBe(expected);
  });

  it('watches the metric of the filter, under the name of the stack', () => {
    const [metric] = filter.MetricTransformations as [{ MetricName: string; MetricNamespace: string }];
    const watched = findResources(template, 'AWS::CloudWatch::Alarm').map(([, alarm]) => alarm.Properties);
    expect(watched).toContainEqual(
      expect.objectContaining({ MetricName: metric.MetricName, Namespace: metric.MetricNamespace }),
    );
    expect(metric.MetricNamespace).toMatch(/^Keyhold\/.+/);
    expect(JSON.stringify(watched)).not.toContain('5xx');
  });
});
