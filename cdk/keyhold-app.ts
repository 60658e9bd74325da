// The CDK app: one stack, independent of account and region.
import { App, type AppProps } from 'aws-cdk-lib';
import { KeyholdStack } from './keyhold-stack.ts';
import { readStage } from './settings/stage.ts';

/** The app; the option `stackName` names the stack (default `Keyhold`). */
export const keyholdApp = (props?: AppProps): App => {
  const app = new App(props);
  const stage = readStage(app.node);
  new KeyholdStack(app, stage.stackName ?? 'Keyhold', stage);
  return app;
};
