import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { RouterProvider } from "react-router";
import { ApiError, whenSignedOut } from "./api/client";
import { sessionBecomes } from "./api/queries";
import { I18nProvider } from "./i18n";
import { router } from "./routes";
import { ThemeProvider } from "./shell/theme";
import "./styles/tokens.css";
import "./styles/base.css";

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the centre refused is not asked again; what could not be reached is.
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
    },
  },
});

whenSignedOut(() => sessionBecomes(client, null));

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <I18nProvider>
        <ThemeProvider>
          <RouterProvider router={router} />
        </ThemeProvider>
      </I18nProvider>
    </QueryClientProvider>
  </StrictMode>,
);
