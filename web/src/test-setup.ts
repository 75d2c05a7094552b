// Words are loaded once for all tests, in Chinese; a missing one fails the test that wants it.
import { beforeAll } from "vitest";
import { loadAreas, setLanguage } from "./words";

beforeAll(async () => {
  await setLanguage("zh-CN");
  await loadAreas(["common", "clerk", "review", "applicant", "admin"]);
});
