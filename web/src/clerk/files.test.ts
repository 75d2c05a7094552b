import { expect, test } from "vitest";
import { refusal } from "./files";
import { digestOf } from "./uploads";

const slot = { types: ["application/pdf", "image/jpeg", "image/png"], max_bytes: 50_000_000, max_files: 2 };
const file = (name: string, type: string, size = 1000) => ({ name, type, size });

test.each([
  ["too many", file("a.pdf", "application/pdf"), 2, "这一项最多 2 个文件"],
  ["nothing in it", file("a.pdf", "application/pdf", 0), 0, "a.pdf 是空文件，重新扫描"],
  ["another type", file("a.heic", "image/heic"), 0, "这份材料要 PDF、JPG、PNG，你选的是 HEIC"],
  ["no type and a strange ending", file("a.exe", ""), 0, "这份材料要 PDF、JPG、PNG，你选的是 EXE"],
  ["too large", file("a.pdf", "application/pdf", 73_000_000), 0, "每个文件不超过 50.0 MB，这个是 73.0 MB"],
  ["good", file("a.pdf", "application/pdf"), 0, ""],
  ["good, told by its ending alone", file("扫描 (1).PDF", ""), 1, ""],
])("a file for a slot: %s", (_, f, already, want) => expect(refusal(f, slot, already)).toBe(want));

test("the hub's name of a file is read out of its header", () => {
  expect(digestOf(null)).toBeNull();
  expect(digestOf("sha-512=:abcd:")).toBeNull();
  expect(digestOf("sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")).toBe("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
});
