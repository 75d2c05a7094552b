// Words are loaded once for all tests; a missing one fails the test that wants it.
import { beforeAll } from "vitest";
import { loadAreas } from "./words";

beforeAll(() => loadAreas(["common"]));
