import { watchServices } from './service-state.js';
import { startWorkbench } from './workbench.js';

watchServices();
await startWorkbench();
