/** The notes on one machine: writes their Dockerfiles, and compose.yaml. */
import { App, ComposeFile } from 'cdk-wheelhouse';
import { declareNotes } from './application';

const app = new App({ root: __dirname });
new ComposeFile(declareNotes(app), 'compose');
app.synth();
