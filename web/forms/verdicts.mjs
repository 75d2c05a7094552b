// Reads {schema, forms} as JSON and writes for each form whether the schema
// takes it, as the browser would decide. A test of hub/standard runs it.
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2020.js';
import { teach } from './formats.mjs';

const { schema, forms } = JSON.parse(readFileSync(0, 'utf8'));
const validate = teach(new Ajv({ allErrors: true })).compile(schema);
process.stdout.write(JSON.stringify(forms.map((form) => validate(form))));
