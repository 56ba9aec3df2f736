import { chartFolderConformance } from '../../ports/helm/chart-folder.conformance.ts';
import { createMemoryChartFolder } from './chart-folder.ts';

chartFolderConformance('memory', createMemoryChartFolder);
