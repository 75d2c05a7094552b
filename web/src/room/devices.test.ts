import { expect, test } from "vitest";
import { causeOf, systemOf } from "./devices";

const error = (name: string) => Object.assign(new Error(), { name });
const phone = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile";
const wechat = `${phone} MicroMessenger/8.0.50`;

test.each([
  [error("NotAllowedError"), phone, true, "denied"],
  [error("NotFoundError"), phone, true, "not_found"],
  [error("OverconstrainedError"), phone, true, "not_found"],
  [error("NotReadableError"), phone, true, "in_use"],
  [error("NotAllowedError"), wechat, true, "wechat"],
  [null, wechat, true, "wechat"],
  [error("NotFoundError"), wechat, true, "not_found"],
  [null, phone, false, "insecure"],
  ["odd", phone, true, "unknown"],
])("%s in %s, secure %s: %s", (e, agent, secure, cause) => {
  expect(causeOf(e, agent, secure)).toBe(cause);
});

test.each([
  ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "ios"], [phone, "android"],
  ["Mozilla/5.0 (Windows NT 10.0; Win64)", "windows"], ["Mozilla/5.0 (Macintosh; Intel Mac OS X 14)", "mac"], ["Mozilla/5.0 (X11; Linux loongarch64) UOS", "linux"],
])("%s is %s", (agent, system) => {
  expect(systemOf(agent)).toBe(system);
});
