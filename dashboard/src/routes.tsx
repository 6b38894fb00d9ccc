/** Addresses of the pages. Everything under the shell needs a session; the three doors do not. */

import { createBrowserRouter, Navigate } from "react-router";
import { AcceptPage } from "./access/AcceptPage";
import { SetupPage } from "./access/SetupPage";
import { SignInPage } from "./access/SignInPage";
import { AlertsPage } from "./alerts/AlertsPage";
import { CameraPage } from "./cameras/CameraPage";
import { CamerasPage } from "./cameras/CamerasPage";
import { SceneHelpPage } from "./cameras/SceneHelp";
import { PeoplePage } from "./people/PeoplePage";
import { Fault, NoPage } from "./shell/Fault";
import { Shell } from "./shell/Shell";

export const router = createBrowserRouter([
  { path: "/sign-in", element: <SignInPage />, errorElement: <Fault /> },
  { path: "/setup", element: <SetupPage />, errorElement: <Fault /> },
  { path: "/accept", element: <AcceptPage />, errorElement: <Fault /> },
  {
    element: <Shell />,
    errorElement: <Fault />,
    children: [
      { path: "/", element: <Navigate to="/alerts" replace /> },
      { path: "/alerts", element: <AlertsPage /> },
      { path: "/alerts/:id", element: <AlertsPage /> },
      { path: "/cameras", element: <CamerasPage /> },
      { path: "/cameras/:id", element: <CameraPage /> },
      { path: "/help/scene", element: <SceneHelpPage /> },
      { path: "/people", element: <PeoplePage /> },
      { path: "*", element: <NoPage /> },
    ],
  },
]);
