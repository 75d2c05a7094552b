// The typed client of /api/v1. `unwrap` gives the body or throws a Problem:
//
//   const { items } = await unwrap(api.GET("/api/v1/items"));
//   const view = await unwrap(api.GET("/api/v1/cases/{id}", { params: { path: { id } } }));
//
// Commands go through useCommand (command.ts), which keeps their key.
import createClient from "openapi-fetch";
import { problemOf } from "./problem";
import type { paths } from "./schema";
import { currentLanguage, send } from "./send";

const here = typeof location === "undefined" ? "http://localhost" : location.origin;

export const api = createClient<paths>({ baseUrl: here, fetch: send, credentials: "same-origin" });

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

export async function unwrap<T>(answer: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw problemOf(error, response);
  return data as T;
}

/** The bytes behind an address of the API; the purpose is written into the record of who saw what. */
export async function bytes(path: string, purpose: string, signal?: AbortSignal): Promise<Blob> {
  const headers = { "Access-Purpose": encodeURIComponent(purpose), "Accept-Language": currentLanguage() };
  const response = await send(new Request(here + path, { headers, credentials: "same-origin", signal: signal ?? null }));
  if (response.ok) return response.blob();
  throw problemOf(await response.json().catch(() => null), response);
}
