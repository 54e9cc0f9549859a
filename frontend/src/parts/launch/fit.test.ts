import { aProfile, someQuota } from "@/test/factories";
import { fitOf } from "./fit";

test("a profile fits where one start could get all that it takes", () => {
  expect(fitOf(aProfile(), someQuota())).toMatchObject({ verdict: "fits", resource: "cpu", free: 4000 });
  const huge = aProfile({ resources: { cpu_millicores: 40_000, memory_bytes: 1, accelerators: {} } });
  expect(fitOf(huge, someQuota())).toMatchObject({ verdict: "quota", resource: "cpu" });
});

test("a profile with accelerators counts those", () => {
  const gpu = aProfile({ resources: { cpu_millicores: 1000, memory_bytes: 1, accelerators: { "nvidia.com/l4": 4 } } });
  expect(fitOf(gpu, someQuota())).toMatchObject({ verdict: "quota", resource: "accelerator:nvidia.com/l4", free: 2 });
});

test("without limits everything fits", () => {
  expect(fitOf(aProfile(), [])).toEqual({ verdict: "fits", resource: "cpu", free: null });
});
