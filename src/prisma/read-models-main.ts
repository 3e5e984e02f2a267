/** The program of read-models-apart.ts: reads the models of DATABASE_URL and prints what became of it as JSON. */
import { environmentSettings } from '../config/settings.ts';
import { readModels } from './read-models.ts';

const { target } = environmentSettings({ source: false, target: true });
process.stdout.write(JSON.stringify(await readModels(target.url)));
