/** The shop in a Chart. Its lines are counted. */
import type { Chart } from 'cdk8s';
import { declareShop } from '../shop';
import { kubernetes } from 'cdk-wheelhouse';

export function shopByUs(chart: Chart): void {
  new kubernetes.KubernetesApplication(chart, 'shop', { application: declareShop(), registry: 'registry.example.com/shop' });
}
