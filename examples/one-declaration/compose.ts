/** The notes on one machine: writes their Dockerfiles, and compose.yaml. */
import { declareNotes } from './application';
import { App, ComposeFile } from 'cdk-wheelhouse';

const app = new App({ root: __dirname });
new ComposeFile(declareNotes(app), 'compose');
app.synth();
