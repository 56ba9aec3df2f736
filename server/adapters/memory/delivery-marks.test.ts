import type { DeliveryMark } from '../../ports/storage/delivery-marks.ts';
import { deliveryMarksConformance } from '../../ports/storage/delivery-marks.conformance.ts';
import { createMemoryDeliveryMarks } from './delivery-marks.ts';

deliveryMarksConformance(() => {
  const kept = new Map<string, DeliveryMark>();
  return Promise.resolve({ marks: createMemoryDeliveryMarks(kept), reopen: () => createMemoryDeliveryMarks(kept) });
});
