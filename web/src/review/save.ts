// Puts bytes that the hub gave into a file of the person's choice.
const endings: Record<string, string> = { "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif" };

export function save(blob: Blob, name: string): void {
  const a = document.createElement("a");
  a.href = URL.createObjectURL(blob);
  a.download = name.replace(/[\\/:*?"<>|\u0000-\u001f]/g, "_") + (endings[blob.type] ?? "");
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 60_000);
}
