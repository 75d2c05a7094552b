// Shows our own description only; validatorUrl null keeps it from asking an outside validator.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#ui",
  deepLinking: true,
  validatorUrl: null,
});
