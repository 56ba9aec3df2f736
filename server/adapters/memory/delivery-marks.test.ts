import type { DeliveryMark } from '../../ports/delivery-marks.ts';
import { deliveryMarksConformance } from '../../ports/delivery-marks.conformance.ts';
import { createMemoryDeliveryMarks } from './delivery-marks.ts';

deliveryMarksConformance(() => {
  const kept = new Map<string, DeliveryMark>();
  return Promise.resolve({ marks: createMemoryDeliveryMarks(kept), reopen: () => createMemoryDeliveryMarks(kept) });
});
