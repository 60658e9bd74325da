// The CDK app: one stack, independent of account and region.
import { App, type AppProps } from 'aws-cdk-lib';
import { KeyholdStack } from './keyhold-stack.ts';

/** The app; context `stackName` names the stack (default `Keyhold`). */
export const keyholdApp = (props?: AppProps): App => {
  const app = new App(props);
  const stackName: string = app.node.tryGetContext('stackName') ?? 'Keyhold';
  new KeyholdStack(app, stackName);
  return app;
};
