def test_migrates(db):
    from django.db import connection
    with connection.cursor() as c:
        c.execute("select count(*) from pg_proc where pronamespace='lg'::regnamespace"); assert c.fetchone()[0] > 10
