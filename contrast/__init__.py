"""The rooms behind `helpers`: from articles to tables and figures that compare news outlets."""
