package main

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tongban/hub/certificate"
	"tongban/hub/certificate/seal"
	"tongban/hub/code"
	"tongban/web"
)

// papers measures one certificate with QR code, drawn seal, signature and time
// stamp, made and sealed in this process.
func (b *bench) papers(ctx context.Context) (err error) {
	font, err := web.MainFont()
	if err != nil {
		return fmt.Errorf("%w (run make web)", err)
	}
	printer, err := certificate.New(certificate.Fonts{Main: font})
	if err != nil {
		return err
	}
	keys, err := seal.NewTestKeys("郏县不动产登记中心", time.Now())
	if err != nil {
		return err
	}
	signer, err := seal.New(keys.Config(nil, time.Now))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, signer.Close()) }()
	licence, err := code.NewLicenceID(code.LicenceTitle, "410425", "20260001234", "001")
	if err != nil {
		return err
	}
	title := certificate.Title{
		Letter: certificate.Letter{
			Office: "郏县不动产登记中心", Number: "豫(2026)郏县不动产权第0001234号", At: time.Now(), Seal: signer.Mark("郏县不动产登记中心", "不动产登记专用章"),
			Check: "https://hub.example.cn/check/?id=1.2.156.3005.2.11100000MB03271699001.410425.20260001234.001.X&code=abcdefghijkl",
		},
		Licence: string(licence),
		Holders: []certificate.Holder{{Name: "李晓明", ID: "居民身份证 4405***********014"}}, CoOwnership: "单独所有",
		Location: "郏县龙山街道迎宾路8号院3号楼502室", Unit: "410425001002GB00003F00050021", RightType: "国有建设用地使用权／房屋所有权",
		RightNature: "出让／市场化商品房", Use: "住宅", Area: "98.50 平方米", Term: "国有建设用地使用权至 2082-12-31 止", Notes: []string{"登记原因：存量房转移登记"},
	}
	size := 0
	one := func() error {
		paper, err := printer.Title(title)
		if err != nil {
			return err
		}
		sealed, err := signer.Seal(ctx, paper, certificate.SealWish{Agency: title.Office, Reason: "不动产登记发证"})
		size = len(sealed.PDF)
		return err
	}
	if err := one(); err != nil {
		return err
	}
	r := testing.Benchmark(func(t *testing.B) {
		for t.Loop() {
			err = errors.Join(err, one())
		}
	})
	if err != nil {
		return err
	}
	b.add("certificate_ms", float64(r.NsPerOp())/1e6, "ms", size)
	b.add("certificate_kb", float64(size)/1000, "kB", size)
	return nil
}
