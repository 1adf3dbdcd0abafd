"""Pages in the browser over the same view models as the PDF."""
