import { Link } from "wouter";
import { Page } from "../parts/Page";

export function NotFoundPage() {
  return (
    <Page title="There is no such page">
      <p>
        The address may be mistyped, or what it showed is not yours to see.{" "}
        <Link href="/corpora">To the corpora</Link>
      </p>
    </Page>
  );
}
