// The entry point of the CDK command line. The stack is checked against the AWS Solutions rules; a finding without a documented
// exception fails the synthesis.
import { Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { keyholdApp } from './keyhold-app.ts';

const app = keyholdApp();
Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
