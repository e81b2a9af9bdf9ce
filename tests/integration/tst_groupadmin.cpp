#include <QTest>

class TestGroupAdmin : public QObject
{
    Q_OBJECT
};

QTEST_GUILESS_MAIN(TestGroupAdmin)
#include "tst_groupadmin.moc"
