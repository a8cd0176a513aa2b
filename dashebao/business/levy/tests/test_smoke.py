def test_tables(db):
    from dashebao.business.levy.models import Bill

    assert Bill.objects.count() == 0
