"""Long jobs as tables of chunks: resumable, counted, safe to run twice."""
