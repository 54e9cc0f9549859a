import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { violations } from "@/test/axe";
import { aMe, problem } from "@/test/factories";
import { anAdmin } from "@/test/platform";
import { open } from "@/test/render";
import { portal, server } from "@/test/server";
import { worstFirst } from "./worstFirst";

test("what needs attention comes first, in words", async () => {
  portal({ me: anAdmin(aMe()) });
  await open("/admin/health");

  expect(await screen.findByText("2 parts need attention.")).toBeVisible();
  const [, first] = screen.getAllByRole("row");
  expect(first).toHaveTextContent("Notebook hub");
  expect(first).toHaveTextContent("Does not answer");
  expect(await violations()).toEqual([]);
});

test("the order is that of the harm, then the portal's", () => {
  const part = (name: string, state: "ok" | "degraded" | "down") => ({ name, state, detail: "", checked_at: "" });

  expect(worstFirst([part("a", "ok"), part("b", "degraded"), part("c", "down"), part("d", "ok")]).map(({ name }) => name)).toEqual(["c", "b", "a", "d"]);
});

test("when nothing can be asked, the page says so and can try again", async () => {
  portal({ me: anAdmin(aMe()) });
  server.use(http.get("*/api/v1/platform/health", () => HttpResponse.json(problem(503, "UNAVAILABLE", "The database is away."), { status: 503 })));
  await open("/admin/health");

  expect(await screen.findByRole("alert")).toHaveTextContent("The health of the platform cannot be shown.");
  expect(screen.getByRole("button", { name: "Retry" })).toBeVisible();
});
